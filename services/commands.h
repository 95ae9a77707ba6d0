#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace veche {

// `veche import districts|departments|categories|appeals --file F …`. Reaches the service at the
// address that the config file
// (--config) gives for it, by the config's certificates; without one, runs the services it needs in
// this process on the data folder (--data_dir). Returns the exit code.
int RunImport(std::vector<std::string> args, std::ostream& out, std::ostream& err);

// `veche classifier train|evaluate|explain …`; `veche classifier rollback` on the data folder of a
// stopped suite, or with --config on its database. Returns the exit code.
int RunClassifier(std::vector<std::string> args, std::ostream& out, std::ostream& err);

}  // namespace veche
