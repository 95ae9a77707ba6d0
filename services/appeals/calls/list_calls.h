#pragma once

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Lists of appeals: public and own ones, the inbox, near-duplicates. Thread-safe; blocking.
class ListCalls {
 public:
  // Both must outlive it.
  ListCalls(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  absl::StatusOr<v1::ListAppealsResponse> ListAppeals(const rpc::Call& call,
                                                      const v1::ListAppealsRequest& request,
                                                      Violations violations = {});
  absl::StatusOr<v1::ListInboxResponse> ListInbox(const rpc::Call& call,
                                                  const v1::ListInboxRequest& request,
                                                  Violations violations = {});
  absl::StatusOr<v1::SuggestDuplicatesResponse> SuggestDuplicates(
      const rpc::Call& call, const v1::SuggestDuplicatesRequest& request,
      Violations violations = {});

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace veche::appeals
