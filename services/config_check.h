#pragma once

#include <string>
#include <vector>

#include "veche/config/v1/config.pb.h"

namespace veche {

// All that is wrong with a configuration, as far as it shows without starting: "field: what to do."
// for each fault, with the names of fields as they are in the file. Reads the files that the
// configuration names. Empty when all is right.
std::vector<std::string> ConfigFaults(const config::v1::Config& config);

}  // namespace veche
