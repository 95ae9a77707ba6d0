#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/calls/picture_input.h"
#include "services/polling/domain/initiative.h"
#include "services/polling/storage/initiative_store.h"
#include "veche/polling/v1/initiatives.pb.h"

namespace veche::polling {

// Proposing, reading and listing initiatives. Thread-safe; blocking.
class InitiativeCalls {
 public:
  struct Parts {
    sql::Database& database;
    InitiativeStore& store;
    const Clock& clock;
    IdSource& ids;
    InitiativeRules rules;
    PictureSource uploads;
    // "districts/{id}" of all districts; null: any are accepted.
    std::function<absl::StatusOr<std::vector<std::string>>()> districts = nullptr;
  };
  // All of `parts` must outlive it.
  explicit InitiativeCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::Initiative> CreateInitiative(const rpc::Call& call,
                                                  const v1::CreateInitiativeRequest& request,
                                                  Violations violations = {});
  absl::StatusOr<v1::Initiative> CreateInitiativeFromAppeals(
      const rpc::Call& call, const v1::CreateInitiativeFromAppealsRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::ListInitiativesResponse> ListInitiatives(
      const rpc::Call& call, const v1::ListInitiativesRequest& request, Violations violations = {});
  absl::StatusOr<v1::Initiative> GetInitiative(const rpc::Call& call,
                                               const v1::GetInitiativeRequest& request);
  absl::StatusOr<v1::SuggestInitiativesResponse> SuggestInitiatives(
      const rpc::Call& call, const v1::SuggestInitiativesRequest& request,
      Violations violations = {});

 private:
  // Adds a violation when the city has no such district.
  absl::Status CheckDistrict(const std::string& district, Violations& violations) const;
  using Names = google::protobuf::RepeatedPtrField<std::string>;
  // The images that the caller has uploaded under `names`, which are the field `pictures`; puts
  // their hashes into `initiative`.
  absl::StatusOr<std::vector<Picture>> TakePictures(const rpc::Call& call, const Names& names,
                                                    Initiative& initiative,
                                                    Violations& violations) const;
  // Stores a new initiative with its pictures and returns it.
  absl::StatusOr<v1::Initiative> Add(const rpc::Call& call, const Initiative& initiative,
                                     const std::vector<Picture>& pictures,
                                     const std::vector<std::string>& appeals,
                                     const InitiativeRecord& record);

  const Parts parts_;
};

}  // namespace veche::polling
