#include "common/auth/access.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::auth {

absl::StatusOr<Roles> AllowedRoles(const google::protobuf::MethodDescriptor& method) {
  const options::v1::AccessRule& rule = method.options().GetExtension(options::v1::access);
  Roles roles;
  for (int role : rule.allow()) {
    if (role != options::v1::ROLE_UNSPECIFIED) roles.Add(static_cast<Role>(role));
  }
  if (roles.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(method.full_name(), " has no access rule (veche.options.v1.access)"));
  }
  return roles;
}

absl::Status CheckAccess(Roles allowed, const Principal& principal) {
  if (principal.roles.HasAnyOf(allowed)) return absl::OkStatus();
  if (principal.anonymous()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_REQUIRED");
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "veche", "ROLE_REQUIRED");
}

}  // namespace veche::auth
