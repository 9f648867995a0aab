//! The program as its users run it: arguments, files and servers in; output and exit codes out.

mod command;
mod generated;
mod help;
