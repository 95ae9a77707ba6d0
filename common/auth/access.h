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

// Names in `AccessRule.services` that are no service of their own.
inline constexpr char kCommands[] = "commands";    // the operators' commands
inline constexpr char kFollowers[] = "followers";  // any service that follows this one's event log

// Who may call a method: a caller with any of the roles, where SERVICE stands for the named
// services alone.
struct AccessRule {
  Roles roles;
  std::set<std::string, std::less<>> services = {};
};

// The access rule that a method's proto option gives. FailedPrecondition when it has none, allows
// SERVICE without naming a service, or names services without allowing SERVICE: such a service must
// not start.
absl::StatusOr<AccessRule> AccessRuleOf(const google::protobuf::MethodDescriptor& method);

// OK when `rule` admits `principal`; else Unauthenticated (TOKEN_REQUIRED) for the anonymous,
// PermissionDenied for others: SERVICE_NOT_ALLOWED for a service that the rule does not name,
// ROLE_REQUIRED.
absl::Status CheckAccess(const AccessRule& rule, const Principal& principal);

}  // namespace veche::auth
