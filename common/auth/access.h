#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/principal.h"

namespace google::protobuf {
class MethodDescriptor;
}  // namespace google::protobuf

namespace veche::auth {

// Names in `AccessRule.services` that are not names of services.
inline constexpr char kCommands[] = "commands";  // the operators' commands
inline constexpr char kEveryService[] = "*";
inline constexpr char kFollowers[] = "followers";  // any service that follows this one's event log

// Who may call a method: a caller with any of the roles, where SERVICE stands for the named
// services alone.
struct AccessRule {
  Roles roles;
  std::set<std::string, std::less<>> services = {};
};

// The access rule in the proto option of `method`. FailedPrecondition when the method has no rule,
// or the rule allows SERVICE without naming a service or names services without allowing SERVICE:
// the method's service must not start. Thread-safe.
absl::StatusOr<AccessRule> AccessRuleOf(const google::protobuf::MethodDescriptor& method);

// OK when `rule` admits `principal`; else Unauthenticated (TOKEN_REQUIRED) for anonymous callers,
// PermissionDenied for others: SERVICE_NOT_ALLOWED for a service that the rule does not name, else
// ROLE_REQUIRED. Thread-safe.
absl::Status CheckAccess(const AccessRule& rule, const Principal& principal);

}  // namespace veche::auth
