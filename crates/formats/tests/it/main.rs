//! Real files in, rows and problems out. Files are built from bytes, with rust_xlsxwriter and zip.

#[cfg(test)]
mod activities;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod learners;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod results;
#[cfg(test)]
mod rosters;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sniffing;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod workbooks;
