//! The program as its users run it: arguments, files and servers in; output and exit codes out.

mod app;
mod casts;
mod command;
mod costs;
mod drift;
mod environments;
mod format;
mod generated;
mod help;
mod interrupt;
mod live;
mod mistakes;
mod outputs;
mod plan;
mod platform_schemas;
mod policies;
mod refusals;
mod renames;
mod scripts;
mod secrets;
mod sequences;
mod states;
