#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/events/event_log.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/identity/storage/store.h"
#include "services/identity/vault/password.h"
#include "veche/identity/v1/identity.pb.h"

namespace veche::identity {

// One's own account, staff accounts, and lists of residents. Thread-safe; may block.
class AccountCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    Passwords& passwords;
    events::EventLog& log;
    const Clock& clock;
    IdSource& ids;
    std::string language;                            // of new accounts
    std::function<void()> on_session_ended = [] {};  // after the commit
  };
  // All of `parts` must outlive it.
  explicit AccountCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::Me> GetMe(const rpc::Call& call, const v1::GetMeRequest& request);
  // The answer is not stored under an Idempotency-Key: it holds contacts, which are stored sealed
  // only, and a repeated call changes nothing more.
  absl::StatusOr<v1::Me> UpdateMe(const rpc::Call& call, const v1::UpdateMeRequest& request,
                                  Violations violations = {});

  absl::StatusOr<v1::ListStaffResponse> ListStaff(const rpc::Call& call,
                                                  const v1::ListStaffRequest& request,
                                                  Violations violations = {});
  absl::StatusOr<v1::Staff> CreateStaff(const rpc::Call& call,
                                        const v1::CreateStaffRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::Staff> UpdateStaff(const rpc::Call& call,
                                        const v1::UpdateStaffRequest& request,
                                        Violations violations = {});

  absl::StatusOr<v1::ListResidentsOfDistrictsResponse> ListResidentsOfDistricts(
      const rpc::Call& call, const v1::ListResidentsOfDistrictsRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::GetHomeDistrictsResponse> GetHomeDistricts(
      const rpc::Call& call, const v1::GetHomeDistrictsRequest& request,
      Violations violations = {});

 private:
  // Stores the profile and, if the home district is another one, the event that says so.
  absl::StatusOr<Resident> UpdateResident(sql::Transaction& transaction, const std::string& name,
                                          const v1::UpdateMeRequest& request,
                                          Violations& violations);

  const Parts parts_;
};

}  // namespace veche::identity
