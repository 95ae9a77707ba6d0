#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace veche {

// Commands that work with a service reach it at the address that the config file (--config) gives
// for it, by the config's certificates; without one they run it, and what it needs, in this process
// on the data folder (--data_dir), which nobody else may be using. They return the exit code.

// `veche import districts|departments|categories|appeals --file F …`.
int RunImport(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche identity create-admin --login L …`.
int RunIdentity(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche classifier train|evaluate|explain …`; `veche classifier rollback` on the data folder of a
// stopped suite, or with --config on its database.
int RunClassifier(std::vector<std::string> args, std::ostream& out, std::ostream& err);

}  // namespace veche
