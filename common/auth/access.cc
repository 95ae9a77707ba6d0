#include "common/auth/access.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::auth {

absl::StatusOr<AccessRule> AccessRuleOf(const google::protobuf::MethodDescriptor& method) {
  const options::v1::AccessRule& option = method.options().GetExtension(options::v1::access);
  AccessRule rule;
  for (int role : option.allow()) {
    if (role != options::v1::ROLE_UNSPECIFIED) rule.roles.Add(static_cast<Role>(role));
  }
  rule.services.insert(option.services().begin(), option.services().end());
  if (rule.roles.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(method.full_name(), " has no access rule (veche.options.v1.access)"));
  }
  if (rule.roles.Has(options::v1::SERVICE) == rule.services.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("The access rule of ", method.full_name(),
                     " must name services if it allows SERVICE, and only then."));
  }
  return rule;
}

absl::Status CheckAccess(const AccessRule& rule, const Principal& principal) {
  const bool named = rule.services.contains(principal.service());
  Roles roles = principal.roles;
  if (!named) roles.Remove(options::v1::SERVICE);
  if (roles.HasAnyOf(rule.roles)) return absl::OkStatus();
  if (principal.anonymous()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_REQUIRED");
  }
  if (principal.Is(options::v1::SERVICE)) {
    return MakeError(absl::StatusCode::kPermissionDenied, "veche", "SERVICE_NOT_ALLOWED");
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "veche", "ROLE_REQUIRED");
}

}  // namespace veche::auth
