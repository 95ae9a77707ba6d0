#include "services/identity/calls/account_calls.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/page.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "services/identity/calls/convert.h"
#include "services/identity/domain/errors.h"
#include "veche/identity/v1/events.pb.h"

namespace veche::identity {
namespace {

constexpr int kMostDistricts = 100;
constexpr int kMostResidents = 500;

void Apply(const v1::UpdateMeRequest& request, Profile& profile) {
  if (request.has_display_name()) profile.display_name = request.display_name();
  if (request.has_locale()) profile.locale = request.locale();
  if (request.has_home_district()) profile.home_district = request.home_district();
}

// Applies the request to the profile. InvalidArgument when the result breaks a rule.
absl::Status ApplyChecked(const v1::UpdateMeRequest& request, Profile& profile,
                          Violations& violations) {
  Apply(request, profile);
  CheckProfile(profile, violations);
  return violations.ToStatus();
}

void AddProblem(absl::string_view field, const Text& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

}  // namespace

absl::StatusOr<v1::Me> AccountCalls::GetMe(const rpc::Call& call, const v1::GetMeRequest& request) {
  const std::string& name = call.principal().name;
  absl::StatusOr<v1::Me> me = AccountNotFound();
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    if (call.principal().staff()) {
      ASSIGN_OR_RETURN(const std::optional<Staff> staff,
                       parts_.store.GetStaff(transaction, StaffId(name)));
      if (staff) me = ToMe(*staff);
    } else {
      ASSIGN_OR_RETURN(const std::optional<Resident> resident,
                       parts_.store.GetResident(transaction, ResidentId(name)));
      if (resident) me = ToMe(*resident);
    }
    return absl::OkStatus();
  }));
  return me;
}

absl::StatusOr<v1::Me> AccountCalls::UpdateMe(const rpc::Call& call,
                                              const v1::UpdateMeRequest& request,
                                              Violations violations) {
  const std::string& name = call.principal().name;
  v1::Me me;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    if (call.principal().staff()) {
      ASSIGN_OR_RETURN(const Staff staff,
                       parts_.store.UpdateStaff(transaction, StaffId(name), [&](Staff& account) {
                         return ApplyChecked(request, account.profile, violations);
                       }));
      me = ToMe(staff);
    } else {
      ASSIGN_OR_RETURN(const Resident resident,
                       UpdateResident(transaction, name, request, violations));
      me = ToMe(resident);
    }
    return absl::OkStatus();
  }));
  return me;
}

absl::StatusOr<Resident> AccountCalls::UpdateResident(sql::Transaction& transaction,
                                                      const std::string& name,
                                                      const v1::UpdateMeRequest& request,
                                                      Violations& violations) {
  std::string former;
  ASSIGN_OR_RETURN(
      Resident resident,
      parts_.store.UpdateResident(transaction, ResidentId(name), [&](Resident& account) {
        former = account.profile.home_district;
        return ApplyChecked(request, account.profile, violations);
      }));
  if (resident.profile.home_district != former) {
    v1::IdentityEvent event;
    event.set_resident(name);
    event.set_home_district(resident.profile.home_district);
    RETURN_IF_ERROR(parts_.log.Append(
        transaction, parts_.log.Make(events::TypeName(v1::IdentityEvent::HOME_DISTRICT_CHANGED),
                                     name, event.SerializeAsString())));
  }
  return resident;
}

absl::StatusOr<v1::ListStaffResponse> AccountCalls::ListStaff(const rpc::Call& call,
                                                              const v1::ListStaffRequest& request,
                                                              Violations violations) {
  const api::Page page(request, "", violations);
  const std::string before = page.Place(IsUlid, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<Staff> staff;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    // One row more than the page tells whether another page follows.
    ASSIGN_OR_RETURN(staff, parts_.store.ListStaff(transaction, before, page.size() + 1));
    return absl::OkStatus();
  }));
  v1::ListStaffResponse response;
  if (staff.size() > static_cast<size_t>(page.size())) {
    staff.pop_back();
    response.set_next_page_token(page.TokenAfter(staff.back().id));
  }
  for (const Staff& account : staff) *response.add_staff() = ToWire(account);
  return response;
}

absl::StatusOr<v1::Staff> AccountCalls::CreateStaff(const rpc::Call& call,
                                                    const v1::CreateStaffRequest& request,
                                                    Violations violations) {
  Staff staff{.id = parts_.ids.New(),
              .login = request.login(),
              .profile = {.display_name = request.display_name(), .locale = parts_.language},
              .roles = StaffRolesFromWire(request.roles(), violations),
              .department = request.department(),
              .create_time = parts_.clock.Now()};
  AddProblem("login", LoginProblem(staff.login), violations);
  AddProblem("password", PasswordProblem(request.password()), violations);
  CheckStaff(staff, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  // Cheap check before the slow hash of the password; AddStaff decides.
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Staff> taken,
                     parts_.store.FindStaff(transaction, staff.login));
    return taken ? LoginTaken(staff.login) : absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(staff.password_hash, parts_.passwords.Hash(request.password()));
  v1::Staff response = ToWire(staff);
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool added, parts_.store.AddStaff(transaction, staff));
    if (!added) return LoginTaken(staff.login);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Staff> AccountCalls::UpdateStaff(const rpc::Call& call,
                                                    const v1::UpdateStaffRequest& request,
                                                    Violations violations) {
  const auth::Roles roles = StaffRolesFromWire(request.roles(), violations);
  if (request.has_password()) {
    AddProblem("password", PasswordProblem(request.password()), violations);
  }
  const bool own = request.name() == call.principal().name;
  if (own && (request.disabled() || (!roles.empty() && !roles.Has(options::v1::ADMIN)))) {
    return OwnAccount();
  }
  std::string password_hash;
  if (request.has_password() && violations.empty()) {
    ASSIGN_OR_RETURN(password_hash, parts_.passwords.Hash(request.password()));
  }

  const auto change = [&](Staff& staff) {
    if (request.has_display_name()) staff.profile.display_name = request.display_name();
    if (!roles.empty()) staff.roles = roles;
    if (request.has_department()) staff.department = request.department();
    if (request.has_disabled()) staff.disabled = request.disabled();
    if (request.has_password()) staff.password_hash = password_hash;
    CheckStaff(staff, violations);
    return violations.ToStatus();
  };
  v1::Staff response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Staff staff,
                     parts_.store.UpdateStaff(transaction, StaffId(request.name()), change));
    if (request.has_password() || staff.disabled) {
      transaction.OnCommit(parts_.on_session_ended);
      RETURN_IF_ERROR(parts_.store.EndSessionsOf(transaction, request.name(), parts_.clock.Now()));
    }
    response = ToWire(staff);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListResidentsOfDistrictsResponse> AccountCalls::ListResidentsOfDistricts(
    const rpc::Call&, const v1::ListResidentsOfDistrictsRequest& request, Violations violations) {
  if (request.districts_size() > kMostDistricts) {
    violations.Add("districts", {"TOO_MANY", {{"most", absl::StrCat(kMostDistricts)}}});
  }
  for (int i = 0; i < request.districts_size(); ++i) {
    AddProblem(absl::StrCat("districts[", i, "]"),
               ReferenceProblem(request.districts(i), "districts"), violations);
  }
  if (request.page_size() < 0) violations.Add("pageSize", "NEGATIVE");
  const std::string after = ResidentId(request.page_token());
  if (after.empty() && !request.page_token().empty()) violations.Add("pageToken", "PAGE_TOKEN");
  RETURN_IF_ERROR(violations.ToStatus());

  const std::vector<std::string> districts(request.districts().begin(), request.districts().end());
  const int size =
      request.page_size() == 0 ? kMostResidents : std::min(request.page_size(), kMostResidents);
  std::vector<std::string> ids;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    // One row more than the page tells whether another page follows.
    ASSIGN_OR_RETURN(ids, parts_.store.ListResidents(transaction, districts, after, size + 1));
    return absl::OkStatus();
  }));
  v1::ListResidentsOfDistrictsResponse response;
  if (ids.size() > static_cast<size_t>(size)) {
    ids.pop_back();
    response.set_next_page_token(ResidentName(ids.back()));
  }
  for (const std::string& id : ids) response.add_residents(ResidentName(id));
  return response;
}

absl::StatusOr<v1::GetHomeDistrictsResponse> AccountCalls::GetHomeDistricts(
    const rpc::Call&, const v1::GetHomeDistrictsRequest& request, Violations violations) {
  if (request.residents_size() > kMostResidents) {
    violations.Add("residents", {"TOO_MANY", {{"most", absl::StrCat(kMostResidents)}}});
  }
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<std::string> ids;
  for (const std::string& name : request.residents()) ids.push_back(ResidentId(name));
  std::map<std::string, std::string> homes;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(homes, parts_.store.HomeDistricts(transaction, ids));
    return absl::OkStatus();
  }));
  v1::GetHomeDistrictsResponse response;
  for (const auto& [id, district] : homes) {
    auto& home = *response.add_homes();
    home.set_resident(ResidentName(id));
    home.set_district(district);
  }
  return response;
}

}  // namespace veche::identity
