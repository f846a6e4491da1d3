//! Builds again when what is embedded changes: the defaults of the configuration, and the migrations.

fn main() {
    println!("cargo::rerun-if-changed=config");
    println!("cargo::rerun-if-changed=migrations");
}
