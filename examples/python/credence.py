"""A client of Credence's web services: submits, asks, polls, and gets over lost answers.

Standard library only, Python 3.9 or later. Take this file into your own program; report_learners.py shows its use.
"""
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

AT_ONCE = 1_000
"""Reports that the server settles within one request; more become an upload to poll."""


class Refused(Exception):
    """The server understood the request and will not do it: the same again gets the same answer."""

    def __init__(self, status, problem):
        self.status, self.problem = status, problem
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")


class NoAnswer(Exception):
    """All tries failed. What was sent may or may not have been done: send it again under the same key."""


class Client:
    """One provider's connection. `base` is such as https://credence.example.org/api/pars/v1."""

    def __init__(self, base, token, tries=6, pause=1.0):
        self.base, self.token, self.tries, self.pause = base.rstrip("/"), token, tries, pause

    def match(self, learners):
        """Whether learners can be found, in their order, before any credit is reported."""
        answers = []
        for part in parts({"Member": learner} for learner in learners):
            document = {"ACCMELearnerReports": {"ActivityReports": {"ActivityReport": part}}}
            answers += self.post("/learner-match", document)["LearnerMatches"]
        return answers

    def submit(self, reports, key=None):
        """Reports completions; one answer for each, in their order. You state by it that you hold the permission of
        each learner. `key` names this very work: after a crash give the same one again, and nothing is done twice."""
        key = key or str(uuid.uuid4())
        answers = []
        for nth, part in enumerate(parts(reports)):
            document = {"ACCMELearnerReports": {"ActivityReports": {"ActivityReport": part}}}
            path = "/learner-activities?permission=held"
            answers += self.post(path, document, key=f"{key}-{nth}")["LearnerResults"]
        return answers

    def status(self, credit_id):
        """What each destination says of a completion; nothing of one that is not on record."""
        query = urllib.parse.urlencode({"CreditId": credit_id})
        return self.get(f"/learner-activities/status?{query}")["LearnerStatuses"]

    def events(self, since="0"):
        """What happened since, oldest first, as (event, place). Keep the place of the last one that you dealt with."""
        while True:
            page = self.get(f"/events?{urllib.parse.urlencode({'since': since})}")
            since = page["next"]
            for event in page["events"]:
                yield event, since
            if not page["has_more"]:
                return

    def get(self, path):
        return self._ask("GET", path, None, {})

    def post(self, path, document, key=None):
        """Sends a document, and again under the same key until there is an answer."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4())}
        return self._ask("POST", path, json.dumps(document).encode(), headers)

    def _ask(self, method, path, body, headers):
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
        why = None
        for nth in range(self.tries):
            request = urllib.request.Request(self.base + path, data=body, headers=headers, method=method)
            wait = self.pause * 2**nth * random.uniform(0.5, 1.5)
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                answer = read_json(error)
                if error.code == 422 and "LearnerResults" in answer:
                    return answer  # each report was refused: an answer like any other
                if error.code not in (429, 502, 503, 504):
                    raise Refused(error.code, answer) from None
                why, wait = f"{error.code}", float(error.headers.get("Retry-After") or wait)
            except (urllib.error.URLError, ConnectionError, TimeoutError, json.JSONDecodeError) as error:
                why = str(error)
            if nth + 1 < self.tries:
                time.sleep(wait)
        raise NoAnswer(f"{method} {path}: {why}")


def parts(items):
    """Pieces that the server settles at once."""
    items = list(items)
    return [items[start:start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]


def read_json(answer):
    """The problem details of a failure; something between us and the server may answer otherwise."""
    try:
        read = json.load(answer)
        return read if isinstance(read, dict) else {}
    except (json.JSONDecodeError, UnicodeDecodeError, OSError):
        return {}


def learner(first, last, birth, ids):
    """Who is meant. `birth` is MM/DD; `ids` are pairs of domain and value, such as ("CA", "A012345")."""
    month, day = birth.split("/")[:2]
    return {
        "Name": {"GivenName": first, "FamilyName": last},
        "PersonalInfo": {"BirthDate": f"--{month}-{day}"},
        "UniqueID": [{"domain": domain, "value": value} for domain, value in ids],
    }


def completion(who, activity, day, credit_id, cme=None, moc=(), action="add"):
    """One report. `cme` is an amount of AMA PRA Category 1, `moc` triples of board, credit type and points; `day` is
    YYYY-MM-DD and `credit_id` your own name for it, ccid:<you>:<number>."""
    ids = who["UniqueID"]

    def certificate(certification, amount, domains):
        return {
            "UniqueID": [one for one in ids if one["domain"] in domains],
            "CreditReceived": {"activityCertification": certification, "creditUnit": "Point", "numberOfCredits": amount},
            "CreditID": credit_id,
        }

    boards = {board for board, _, _ in moc}
    others = {one["domain"] for one in ids} - boards
    certificates = [certificate("AMA PRA Category 1", cme, others)] if cme is not None else []
    certificates += [certificate(credit_type, points, {board}) for board, credit_type, points in moc]
    return {
        "Member": {"Name": who["Name"], "PersonalInfo": who["PersonalInfo"], "UniqueID": ids},
        "Activity": {"Module": {
            "ModuleName": {"moduleID": activity},
            "Status": "Completed",
            "CompletedDateTime": day,
            "CreditCertificate": certificates,
        }},
        "XtensibleInfo": {"LearnerRecordAction": action},
    }
