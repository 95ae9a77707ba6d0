#include "services/polling/commands/flags.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::polling {

std::string Flags::Get(const std::string& name) const {
  const auto [first, last] = values.equal_range(name);
  return first == last ? "" : std::prev(last)->second;
}

absl::StatusOr<Flags> ParseFlags(const std::vector<std::string>& args,
                                 const std::set<std::string>& names,
                                 const std::set<std::string>& switches) {
  Flags flags;
  for (size_t i = 0; i < args.size(); ++i) {
    absl::string_view rest = args[i];
    if (!absl::ConsumePrefix(&rest, "--")) {
      flags.words.push_back(args[i]);
      continue;
    }
    const size_t equals = rest.find('=');
    std::string name(rest.substr(0, equals));
    std::replace(name.begin(), name.end(), '_', '-');
    if (switches.count(name) > 0 && equals == absl::string_view::npos) {
      flags.switches.insert(name);
    } else if (names.count(name) == 0) {
      return absl::InvalidArgumentError(absl::StrCat("There is no flag --", name, "."));
    } else if (equals != absl::string_view::npos) {
      flags.values.emplace(name, rest.substr(equals + 1));
    } else if (++i < args.size()) {
      flags.values.emplace(name, args[i]);
    } else {
      return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value."));
    }
  }
  return flags;
}

}  // namespace veche::polling
