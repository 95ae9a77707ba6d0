#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "veche/options/v1/options.pb.h"

namespace veche::auth {

using options::v1::Role;

// A set of roles.
class Roles {
 public:
  Roles() = default;
  Roles(std::initializer_list<Role> roles) {
    for (Role role : roles) Add(role);
  }
  void Add(Role role) { bits_ |= 1u << role; }
  void Remove(Role role) { bits_ &= ~(1u << role); }
  bool Has(Role role) const { return (bits_ >> role & 1u) != 0; }
  bool HasAnyOf(Roles other) const { return (bits_ & other.bits_) != 0; }
  bool empty() const { return bits_ == 0; }
  friend bool operator==(Roles, Roles) = default;

 private:
  uint32_t bits_ = 0;
};

// The caller of a method. Every caller has the role ANYONE.
struct Principal {
  std::string name;  // "residents/{id}", "staff/{id}", "services/{service}"; "" without a token
  Roles roles = {options::v1::ANYONE};
  std::string department = {};                  // "departments/{id}" of staff who belong to one
  std::string session = {};                     // of the token
  std::string locale = {};                      // of the person's profile when the token was issued
  std::string audience = {};                    // the only service that accepts the token, or ""
  std::string scope = {};                       // what a token with an audience is for
  absl::Time expires = absl::InfiniteFuture();  // of the token; streams that it opened end then

  bool anonymous() const { return name.empty(); }
  bool Is(Role role) const { return roles.Has(role); }
  bool resident() const { return absl::StartsWith(name, "residents/"); }
  bool staff() const { return absl::StartsWith(name, "staff/"); }
  // "appeals" of "services/appeals"; "" of others.
  absl::string_view service() const {
    absl::string_view service = name;
    return absl::ConsumePrefix(&service, "services/") ? service : "";
  }
};

}  // namespace veche::auth
