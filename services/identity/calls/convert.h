#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/auth/token.h"
#include "common/base/error.h"
#include "services/identity/domain/account.h"
#include "services/identity/domain/eligibility.h"
#include "services/identity/domain/message.h"
#include "veche/identity/v1/identity.pb.h"
#include "veche/identity/v1/messages.pb.h"

// Between the wire (v1::X) and the domain (X). Pure functions.

namespace veche::identity {

std::string ResidentName(absl::string_view id);  // "residents/{id}"
std::string StaffName(absl::string_view id);     // "staff/{id}"
// The id in a name of that form; "" for any other text.
std::string ResidentId(absl::string_view name);
std::string StaffId(absl::string_view name);

// The principal in the account's access tokens.
auth::Principal PrincipalOf(const Resident& resident);
auth::Principal PrincipalOf(const Staff& staff);
v1::Principal ToWire(const auth::Principal& principal, absl::string_view display_name);

v1::Me ToMe(const Resident& resident);
v1::Me ToMe(const Staff& staff);
v1::Staff ToWire(const Staff& staff);
v1::KeySet ToWire(absl::Span<const auth::PublicKey> keys);

// The staff roles in `roles`; adds a violation for every other value.
auth::Roles StaffRolesFromWire(const google::protobuf::RepeatedField<int>& roles,
                               Violations& violations);

EligibilityRule FromWire(const v1::Eligibility& rule);
v1::Verification ToWire(const Verification& verification);
v1::CheckEligibilityResponse ToWire(Obstacle obstacle, absl::string_view district);

v1::Message ToWire(const MessageSummary& message);

}  // namespace veche::identity
