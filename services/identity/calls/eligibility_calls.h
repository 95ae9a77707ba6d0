#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/identity/storage/store.h"
#include "veche/identity/v1/identity.pb.h"

namespace veche::identity {

// What staff have seen of residents, and who may take part in a poll by it. Thread-safe; may block.
class EligibilityCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    const Clock& clock;
    IdSource& ids;
    absl::TimeZone zone;  // the city's; a birthday begins there
  };
  // All of `parts` must outlive it.
  explicit EligibilityCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::FindResidentResponse> FindResident(const rpc::Call& call,
                                                        const v1::FindResidentRequest& request,
                                                        Violations violations = {});
  absl::StatusOr<v1::Verification> VerifyResident(const rpc::Call& call,
                                                  const v1::VerifyResidentRequest& request,
                                                  Violations violations = {});
  absl::StatusOr<v1::UnverifyResidentResponse> UnverifyResident(
      const rpc::Call& call, const v1::UnverifyResidentRequest& request);

  absl::StatusOr<v1::CheckEligibilityResponse> CheckEligibility(
      const rpc::Call& call, const v1::CheckEligibilityRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::CountEligibleResponse> CountEligible(const rpc::Call& call,
                                                          const v1::CountEligibleRequest& request,
                                                          Violations violations = {});

 private:
  // Records what the caller does with the resident `id`, "" for nobody.
  absl::Status Record(sql::Transaction& transaction, const rpc::Call& call, absl::string_view id,
                      absl::string_view action);

  const Parts parts_;
};

}  // namespace veche::identity
