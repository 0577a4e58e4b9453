//! The application over HTTP, without a network: pages as people use them, services as programs do.

mod access;
mod api_clients;
mod headers;
mod passwords;
mod sign_in;
mod team;
