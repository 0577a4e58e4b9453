//! Tests of the engine from outside: tables of outcomes, the hard rules, order and change, and a generated crowd.

mod confusion;
mod crowd;
mod hard_rules;
mod order;
mod outcomes;
mod people;
