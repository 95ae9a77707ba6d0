#pragma once

#include <set>
#include <string>

namespace veche::rpc {

// The services that may call, from the module table.
struct Callers {
  // Every service, and "commands" for the operators' commands. Any other name is refused, whatever
  // certificate the caller has.
  std::set<std::string, std::less<>> known = {};
  // The services that follow the event log of the one that is called: "followers" in access rules.
  std::set<std::string, std::less<>> followers = {};
};

}  // namespace veche::rpc
