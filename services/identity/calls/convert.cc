#include "services/identity/calls/convert.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/base/id.h"

namespace veche::identity {
namespace {

std::string IdIn(absl::string_view name, absl::string_view prefix) {
  return absl::ConsumePrefix(&name, prefix) && IsUlid(name) ? std::string(name) : "";
}

template <typename Message>
void AddRoles(const auth::Roles& roles, Message& message) {
  if (roles.Has(options::v1::RESIDENT)) message.add_roles(options::v1::RESIDENT);
  for (auth::Role role : StaffRoles()) {
    if (roles.Has(role)) message.add_roles(role);
  }
}

v1::Me ToMe(const auth::Principal& principal, const Profile& profile) {
  v1::Me me;
  me.set_name(principal.name);
  me.set_display_name(profile.display_name);
  me.set_locale(profile.locale);
  me.set_home_district(profile.home_district);
  AddRoles(principal.roles, me);
  me.set_department(principal.department);
  return me;
}

}  // namespace

std::string ResidentName(absl::string_view id) { return absl::StrCat("residents/", id); }
std::string StaffName(absl::string_view id) { return absl::StrCat("staff/", id); }
std::string ResidentId(absl::string_view name) { return IdIn(name, "residents/"); }
std::string StaffId(absl::string_view name) { return IdIn(name, "staff/"); }

auth::Principal PrincipalOf(const Resident& resident) {
  return {.name = ResidentName(resident.id),
          .roles = {options::v1::ANYONE, options::v1::RESIDENT},
          .locale = resident.profile.locale};
}

auth::Principal PrincipalOf(const Staff& staff) {
  auth::Principal principal{.name = StaffName(staff.id), .roles = staff.roles};
  principal.roles.Add(options::v1::ANYONE);
  principal.department = staff.department;
  principal.locale = staff.profile.locale;
  return principal;
}

v1::Principal ToWire(const auth::Principal& principal, absl::string_view display_name) {
  v1::Principal wire;
  wire.set_name(principal.name);
  AddRoles(principal.roles, wire);
  if (!principal.department.empty()) wire.set_department(principal.department);
  wire.set_display_name(std::string(display_name));
  return wire;
}

v1::Me ToMe(const Resident& resident) {
  v1::Me me = ToMe(PrincipalOf(resident), resident.profile);
  for (const ContactOfResident& contact : resident.contacts) {
    auto& wire = *me.add_contacts();
    wire.set_kind(std::string(api::KindName(contact.contact.kind)));
    wire.set_value(contact.contact.value);
    if (contact.confirm_time != absl::InfinitePast()) {
      *wire.mutable_confirm_time() = api::ToTimestamp(contact.confirm_time);
    }
  }
  for (const Consent& consent : resident.consents) {
    auto& wire = *me.add_consents();
    wire.set_purpose(consent.purpose);
    *wire.mutable_grant_time() = api::ToTimestamp(consent.grant_time);
  }
  return me;
}

v1::Me ToMe(const Staff& staff) { return ToMe(PrincipalOf(staff), staff.profile); }

v1::Staff ToWire(const Staff& staff) {
  v1::Staff wire;
  wire.set_name(StaffName(staff.id));
  wire.set_login(staff.login);
  wire.set_display_name(staff.profile.display_name);
  AddRoles(staff.roles, wire);
  wire.set_department(staff.department);
  wire.set_disabled(staff.disabled);
  *wire.mutable_create_time() = api::ToTimestamp(staff.create_time);
  return wire;
}

v1::KeySet ToWire(absl::Span<const auth::PublicKey> keys) {
  v1::KeySet set;
  for (const auth::PublicKey& key : keys) {
    auto& wire = *set.add_keys();
    wire.set_kty("OKP");
    wire.set_crv("Ed25519");
    wire.set_x(absl::WebSafeBase64Escape(key.bytes));
    wire.set_kid(key.id);
    wire.set_alg("EdDSA");
    wire.set_use("sig");
  }
  return set;
}

auth::Roles StaffRolesFromWire(const google::protobuf::RepeatedField<int>& roles,
                               Violations& violations) {
  auth::Roles known;
  for (int i = 0; i < roles.size(); ++i) {
    const auto role = static_cast<auth::Role>(roles[i]);
    if (std::find(StaffRoles().begin(), StaffRoles().end(), role) == StaffRoles().end()) {
      violations.Add(absl::StrCat("roles[", i, "]"), "NOT_STAFF_ROLE");
    } else {
      known.Add(role);
    }
  }
  return known;
}

EligibilityRule FromWire(const v1::Eligibility& rule) {
  return {.min_age = rule.min_age(),
          .verified = rule.verified(),
          .districts = {rule.districts().begin(), rule.districts().end()}};
}

v1::Verification ToWire(const Verification& verification) {
  v1::Verification wire;
  wire.set_resident(ResidentName(verification.resident));
  wire.set_district(verification.district);
  wire.set_staff(StaffName(verification.staff));
  *wire.mutable_verify_time() = api::ToTimestamp(verification.verify_time);
  return wire;
}

v1::CheckEligibilityResponse ToWire(Obstacle obstacle, absl::string_view district) {
  using Response = v1::CheckEligibilityResponse;
  static constexpr Response::Reason kReasons[] = {
      Response::REASON_UNSPECIFIED, Response::NOT_VERIFIED,     Response::UNKNOWN_AGE,
      Response::TOO_YOUNG,          Response::UNKNOWN_DISTRICT, Response::OTHER_DISTRICT};
  Response response;
  response.set_eligible(obstacle == Obstacle::kNone);
  response.set_reason(kReasons[static_cast<int>(obstacle)]);
  response.set_district(std::string(district));
  return response;
}

v1::Message ToWire(const MessageSummary& message) {
  static_assert(static_cast<int>(MessageState::kDead) == v1::Message::DEAD);
  static_assert(static_cast<int>(Channel::kSms) == v1::Message::SMS);
  v1::Message wire;
  wire.set_name(absl::StrCat("messages/", message.id));
  wire.set_state(static_cast<v1::Message::State>(message.state));
  wire.set_channel(static_cast<v1::Message::Channel>(message.channel));
  wire.set_sender(message.request.substr(0, message.request.find('\n')));
  wire.set_attempts(message.attempts);
  wire.set_error(message.error);
  *wire.mutable_create_time() = api::ToTimestamp(message.create_time);
  const bool waits = message.state != MessageState::kSent && message.state != MessageState::kDead;
  if (waits) *wire.mutable_due_time() = api::ToTimestamp(message.due_time);
  return wire;
}

}  // namespace veche::identity
