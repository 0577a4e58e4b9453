//! The application over HTTP, without a network: pages as people use them, services as programs do.

mod access;
mod activities;
mod api_clients;
mod claims;
mod headers;
mod passwords;
mod reading;
mod sign_in;
mod team;
mod uploads;
