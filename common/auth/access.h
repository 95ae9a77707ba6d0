#pragma once

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/principal.h"

namespace google::protobuf {
class MethodDescriptor;
class ServiceDescriptor;
}  // namespace google::protobuf

namespace veche::auth {

// The access rule that a method's proto option gives. FailedPrecondition when it has none: such a
// service must not start.
absl::StatusOr<Roles> AllowedRoles(const google::protobuf::MethodDescriptor& method);

// OK when `principal` has any of `allowed`; else Unauthenticated (TOKEN_REQUIRED) for the
// anonymous, PermissionDenied (ROLE_REQUIRED) for others.
absl::Status CheckAccess(Roles allowed, const Principal& principal);

}  // namespace veche::auth
