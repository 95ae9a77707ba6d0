#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::polling {

// The arguments of a command: "--name value", "--name=value", switches without a value, and words.
struct Flags {
  std::multimap<std::string, std::string> values;  // by name, without "--"
  std::set<std::string> switches;
  std::vector<std::string> words;

  bool Has(const std::string& name) const {
    return switches.count(name) > 0 || values.count(name) > 0;
  }
  // The last value; "" when there is none.
  std::string Get(const std::string& name) const;
};

// InvalidArgument when an argument is not one of `names` (which take a value) and `switches`, or
// when a value is missing. "_" in a name counts as "-".
absl::StatusOr<Flags> ParseFlags(const std::vector<std::string>& args,
                                 const std::set<std::string>& names,
                                 const std::set<std::string>& switches);

}  // namespace veche::polling
