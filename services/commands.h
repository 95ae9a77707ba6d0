#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace veche {

// A command calls the service at the address that the config file (--config) gives for it, with the
// config's certificates. Without such an address the command runs the service and its dependencies
// in this process on the data folder (--data_dir), which no other process may be using. The
// functions return the exit code.

// `veche import districts|departments|categories|appeals --file F …`.
int RunImport(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche identity create-admin --login L …`.
int RunIdentity(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche migrate`: brings the databases of the services in --services (default: all) up to date,
// without serving. Safe beside running replicas.
int RunMigrate(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche backup --data_dir D --to F`: backs the data folder up, also while the program runs.
int RunBackup(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche restore --from F --data_dir D`: verifies a backup and restores it into an empty folder.
int RunRestore(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche classifier train|evaluate|explain …`, which need no service; `veche classifier rollback`.
int RunClassifier(std::vector<std::string> args, std::ostream& out, std::ostream& err);

}  // namespace veche
