#pragma once

#include <set>
#include <string>

namespace veche::rpc {

// The services that may call, as the module table has them.
struct Callers {
  // Every service, and "commands" for the operators' commands. Another name is nobody's, whatever
  // certificate comes with it.
  std::set<std::string, std::less<>> known = {};
  // The services that follow the event log of the one that is called: "followers" in access rules.
  std::set<std::string, std::less<>> followers = {};
};

}  // namespace veche::rpc
