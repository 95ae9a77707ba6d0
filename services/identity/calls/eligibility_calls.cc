#include "services/identity/calls/eligibility_calls.h"

#include <optional>

#include "common/api/contact.h"
#include "common/api/timestamp.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/identity/calls/convert.h"
#include "services/identity/domain/errors.h"

namespace veche::identity {
namespace {

constexpr absl::string_view kRuleField = "eligibility";

void AddProblem(absl::string_view field, const Text& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

}  // namespace

absl::StatusOr<v1::FindResidentResponse> EligibilityCalls::FindResident(
    const rpc::Call& call, const v1::FindResidentRequest& request, Violations violations) {
  const std::optional<api::Contact> contact = api::ParseContact(request.contact());
  if (!contact) violations.Add("contact", "CONTACT");
  RETURN_IF_ERROR(violations.ToStatus());

  // The look is recorded also when it finds nobody, so the answer is decided after the transaction.
  std::optional<std::string> id;
  v1::FindResidentResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(id, parts_.store.FindResident(transaction, *contact));
    RETURN_IF_ERROR(Record(transaction, call, id.value_or(""), "FIND"));
    if (!id) return absl::OkStatus();
    response.set_name(ResidentName(*id));
    return call.Remember(transaction, response);
  }));
  if (!id) return ResidentNotFound();
  return response;
}

absl::StatusOr<v1::Verification> EligibilityCalls::VerifyResident(
    const rpc::Call& call, const v1::VerifyResidentRequest& request, Violations violations) {
  const absl::Time now = parts_.clock.Now();
  AddProblem("birthDate",
             BirthDateProblem(request.birth_date(), absl::ToCivilDay(now, parts_.zone)),
             violations);
  AddProblem("documentKind", DocumentKindProblem(request.document_kind()), violations);
  if (!request.district().empty()) {
    AddProblem("district", ReferenceProblem(request.district(), "districts"), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());

  const Verification verification{.resident = ResidentId(request.name()),
                                  .birth_date = *ParseDay(request.birth_date()),
                                  .district = request.district(),
                                  .document_kind = request.document_kind(),
                                  .staff = StaffId(call.principal().name),
                                  .verify_time = now};
  const v1::Verification response = ToWire(verification);
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.store.Verify(transaction, verification));
    RETURN_IF_ERROR(Record(transaction, call, verification.resident, "VERIFY"));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::UnverifyResidentResponse> EligibilityCalls::UnverifyResident(
    const rpc::Call& call, const v1::UnverifyResidentRequest& request) {
  const std::string id = ResidentId(request.name());
  const v1::UnverifyResidentResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.store.Unverify(transaction, id));
    RETURN_IF_ERROR(Record(transaction, call, id, "UNVERIFY"));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::CheckEligibilityResponse> EligibilityCalls::CheckEligibility(
    const rpc::Call&, const v1::CheckEligibilityRequest& request, Violations violations) {
  const EligibilityRule rule = FromWire(request.eligibility());
  CheckRule(rule, kRuleField, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  std::optional<Standing> standing;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(standing,
                     parts_.store.GetStanding(transaction, ResidentId(request.resident())));
    return absl::OkStatus();
  }));
  if (!standing) return ResidentNotFound();
  const absl::CivilDay day = absl::ToCivilDay(api::FromTimestamp(request.time()), parts_.zone);
  return ToWire(ObstacleOf(*standing, rule, day), standing->district);
}

absl::StatusOr<v1::CountEligibleResponse> EligibilityCalls::CountEligible(
    const rpc::Call&, const v1::CountEligibleRequest& request, Violations violations) {
  const EligibilityRule rule = FromWire(request.eligibility());
  CheckRule(rule, kRuleField, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const absl::CivilDay day = absl::ToCivilDay(api::FromTimestamp(request.time()), parts_.zone);
  DistrictCounts counts;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(counts, parts_.store.CountEligible(transaction, rule, day));
    return absl::OkStatus();
  }));
  v1::CountEligibleResponse response;
  int64_t all = 0;
  for (const auto& [district, count] : counts) {
    auto& wire = *response.add_districts();
    wire.set_district(district);
    wire.set_count(count);
    all += count;
  }
  response.set_count(all);
  return response;
}

absl::Status EligibilityCalls::Record(sql::Transaction& transaction, const rpc::Call& call,
                                      absl::string_view id, absl::string_view action) {
  return parts_.store.AddStaffAction(transaction, {.id = parts_.ids.New(),
                                                   .staff = StaffId(call.principal().name),
                                                   .resident = std::string(id),
                                                   .action = std::string(action),
                                                   .time = parts_.clock.Now()});
}

}  // namespace veche::identity
