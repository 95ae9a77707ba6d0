#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/api/contact.h"
#include "common/auth/principal.h"
#include "common/base/error.h"

// Residents (and guests, who only left a contact) and staff, with the rules for their names, roles
// and departments.

namespace veche::identity {

// What a person may set for themselves.
struct Profile {
  std::string display_name;
  std::string locale = "ru";
  std::string home_district;  // "districts/{id}" or ""
};

struct ContactOfResident {
  api::Contact contact;
  absl::Time confirm_time = absl::InfinitePast();  // InfinitePast: not confirmed
};

struct Consent {
  std::string purpose;
  absl::Time grant_time;
};

// The purpose of the consent that a person gives by registering.
constexpr absl::string_view kPersonalData = "personal_data";

struct Resident {
  std::string id;
  bool guest = false;  // has a contact and cannot sign in
  Profile profile;
  std::vector<ContactOfResident> contacts;
  std::vector<Consent> consents;
  absl::Time create_time;
};

struct Staff {
  std::string id;
  std::string login;
  std::string password_hash;
  Profile profile;
  auth::Roles roles = {};
  std::string department;  // "departments/{id}" or ""
  bool disabled = false;
  absl::Time create_time;
};

// Every staff role, in the order in which they are listed.
const std::vector<auth::Role>& StaffRoles();

// Each returns what is wrong, for Violations; empty for a valid value.
Text LoginProblem(absl::string_view login);
Text PasswordProblem(absl::string_view password);
Text LocaleProblem(absl::string_view locale);
// `collection` is "departments" or "districts".
Text ReferenceProblem(absl::string_view name, absl::string_view collection);

// Adds a violation for every invalid field of a staff account: profile, roles and department.
void CheckStaff(const Staff& staff, Violations& violations);
// Adds a violation for every invalid field of a profile.
void CheckProfile(const Profile& profile, Violations& violations);

}  // namespace veche::identity
