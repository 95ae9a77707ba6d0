#pragma once

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Bulk reads by other services: public texts, from which classification learns. Thread-safe;
// blocking.
class TextCalls {
 public:
  // `store` must outlive it.
  explicit TextCalls(Store& store) : store_(store) {}

  absl::StatusOr<v1::BatchGetTextsResponse> BatchGetTexts(const rpc::Call& call,
                                                          const v1::BatchGetTextsRequest& request,
                                                          Violations violations = {});

 private:
  Store& store_;
};

}  // namespace veche::appeals
