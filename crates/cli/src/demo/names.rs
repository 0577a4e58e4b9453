//! Common first names, common and invented last names. Combined by dice they name nobody in
//! particular; the most frequent come first.

#[rustfmt::skip] // else one name a line
pub(crate) const FEMALE: &[&str] = &[
    "Maria", "Jennifer", "Elizabeth", "Susan", "Sarah", "Patricia", "Linda", "Karen", "Jessica", "Nancy", "Emily",
    "Priya", "Michelle", "Amanda", "Melissa", "Stephanie", "Rebecca", "Laura", "Katherine", "Rachel", "Anna", "Wei",
    "Catherine", "Christine", "Samantha", "Nicole", "Emma", "Angela", "Megan", "Hannah", "Fatima", "Julia", "Grace",
    "Victoria", "Olivia", "Diana", "Natalie", "Ana", "Sofía", "Mei", "Teresa", "Yasmin", "Claire", "Allison", "Erin",
    "Kavita", "Leila", "Monique", "Denise", "Naomi", "Ji-woo", "Carmen", "Lucía", "Renée", "Ingrid", "Simone", "Amara",
    "Aisha", "Deepa", "Hye-jin", "Noor", "Rosa", "Beatriz", "Chloé", "Tamara", "Yuki", "Zoë", "Marguerite", "Thi",
    "Adaeze", "Ngozi", "Oksana", "Svetlana", "Margit", "Josephine", "Rosalind", "Winifred", "Philippa", "Anneliese",
    "Bronwyn", "Saoirse", "Siobhán", "Esperanza", "Guadalupe", "Xiomara", "Lakshmi", "Shreya", "Rukmini", "Zainab",
    "Mahnoor", "Tatiana", "Irina", "Halina", "Agnieszka", "Françoise", "Geneviève", "Ylva", "Astrid",
];

#[rustfmt::skip] // else one name a line
pub(crate) const MALE: &[&str] = &[
    "James", "Michael", "Robert", "John", "David", "William", "Richard", "Joseph", "Thomas", "Daniel", "Matthew",
    "Anthony", "Mark", "Steven", "Andrew", "Paul", "Rajesh", "Kenneth", "Kevin", "Brian", "George", "Timothy",
    "Christopher", "Edward", "Jeffrey", "Ryan", "Jacob", "Nicholas", "Eric", "Jonathan", "Stephen", "Larry", "Justin",
    "Scott", "Brandon", "Benjamin", "Samuel", "Gregory", "Alexander", "Patrick", "Jack", "Dennis", "Jerry", "Arjun",
    "Mohammed", "José", "Carlos", "Wei", "Ahmed", "Peter", "Nathan", "Henry", "Walter", "Omar", "Luis", "Hiroshi",
    "Min-jun", "Sanjay", "Vikram", "Amit", "Ali", "Hassan", "Dmitri", "Andrés", "Ángel", "Jürgen", "René", "Emeka",
    "Chidi", "Kwame", "Kofi", "Babak", "Farhad", "Levi", "Isaac", "Gideon", "Ezra", "Rafael", "Joaquín", "Tomás",
    "Óscar", "Søren", "Lars", "Bjørn", "Giovanni", "Marco", "Lorenzo", "Stanisław", "Zbigniew", "Oleksandr", "Ivan",
    "Nikolai", "Tariq", "Imran", "Jamal", "Malik", "Terrence", "DeShawn", "Kyung-soo", "Takeshi", "Bao", "Quang",
];

#[rustfmt::skip] // else one name a line
pub(crate) const LAST: &[&str] = &[
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Patel", "Lee", "Rodriguez",
    "Martinez", "Nguyen", "Wilson", "Anderson", "Thomas", "Kim", "Taylor", "Moore", "Jackson", "Martin", "Shah",
    "Thompson", "White", "Lopez", "Gonzalez", "Harris", "Clark", "Lewis", "Robinson", "Chen", "Walker", "Young",
    "Allen", "King", "Wright", "Singh", "Scott", "Wang", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall",
    "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gomez", "Phillips", "Evans", "Turner", "Torres", "Khan",
    "Parker", "Collins", "Edwards", "Stewart", "Morris", "Murphy", "Cook", "Rogers", "Gutierrez", "Ortiz", "Morgan",
    "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Cox", "Ward", "Richardson", "Gupta", "Liu",
    "Watson", "Brooks", "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz", "Hughes", "Price", "Alvarez",
    "Castillo", "Sanders", "Myers", "Long", "Ross", "Foster", "Jimenez", "Powell", "Jenkins", "Perry", "Russell",
    "Sullivan", "Bell", "Coleman", "Butler", "Henderson", "Barnes", "Fisher", "Reddy", "Muñoz", "García", "Núñez",
    "Peña", "López", "Martínez", "Hernández", "González", "Pérez", "Sánchez", "Ramírez", "Díaz", "O'Connor", "O'Brien",
    "O'Sullivan", "D'Angelo", "McCarthy", "McDonald", "McIntyre", "MacLeod", "Fitzgerald", "Gallagher", "Donnelly",
    "Brennan", "Van Dyke", "Van der Berg", "De la Cruz", "De León", "Del Río", "Di Marco", "St. Clair", "Le Blanc",
    "Goldberg", "Rosenthal", "Friedman", "Weinstein", "Horowitz", "Katz", "Schwartz", "Schneider", "Schmidt", "Müller",
    "Köhler", "Größe", "Hoffmann", "Weber", "Lindqvist", "Sørensen", "Jørgensen", "Åkesson", "Kowalski", "Wiśniewski",
    "Nowak", "Łukaszewicz", "Novák", "Dvořák", "Horváth", "Szabó", "Popescu", "Ivanov", "Petrov", "Kuznetsov",
    "Shevchenko", "Bondarenko", "Papadopoulos", "Nikolaidis", "Haddad", "Khoury", "Mansour", "Rahman", "Hussain",
    "Siddiqui", "Qureshi", "Chaudhry", "Iyer", "Krishnan", "Subramanian", "Venkataraman", "Rao", "Mehta", "Desai",
    "Banerjee", "Chatterjee", "Mukherjee", "Okafor", "Okonkwo", "Adeyemi", "Mensah", "Asante", "Abebe", "Tesfaye",
    "Zhang", "Huang", "Zhao", "Zhou", "Lin", "Tran", "Pham", "Hoang", "Park", "Choi", "Jung", "Tanaka", "Watanabe",
    "Yamamoto", "Nakamura", "Santos", "Reyes", "Cruz", "Bautista", "Villanueva", "Silva", "Oliveira", "Ferreira",
    "Rossi", "Esposito", "Moretti", "Dubois", "Lefèvre", "Beauchamp", "Tremblay",
];

/// Halves of invented last names.
#[rustfmt::skip] // else one name a line
pub(crate) const ONSETS: &[&str] = &[
    "Ash", "Birch", "Black", "Bracken", "Bright", "Calder", "Cart", "Chester", "Clay", "Cold", "Cran", "Dal", "East",
    "Elder", "Fair", "Farn", "Fen", "Fox", "Glen", "Gold", "Grand", "Gren", "Hal", "Ham", "Hart", "Hawk", "Hazel",
    "Heath", "High", "Hol", "Kirk", "Lang", "Lark", "Lind", "Long", "Mal", "Marsh", "Mer", "Mill", "Nor", "Oak", "Pem",
    "Pen", "Rad", "Ravens", "Red", "Ridge", "Rock", "Rose", "Sand", "Shel", "Stan", "Stone", "Strat", "Sum", "Thorn",
    "Tor", "Wake", "Wal", "West", "Whit", "Wind", "Win", "Wood",
];

#[rustfmt::skip] // else one name a line
pub(crate) const ENDINGS: &[&str] = &[
    "ford", "ton", "ley", "well", "wood", "field", "burn", "by", "more", "worth", "land", "stone", "brook", "bridge",
    "ham", "shaw", "mere", "gate", "ridge", "stead", "don", "combe", "hurst", "berg", "bury", "dale", "croft", "ell",
    "wick", "man",
];

pub(crate) const SUFFIXES: &[&str] = &["Jr.", "III", "II", "Sr.", "IV"];
