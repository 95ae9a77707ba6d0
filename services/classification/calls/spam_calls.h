#pragma once

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/classification/spam/spam_model.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// The spam check as a blocking function. Thread-safe.
class SpamCalls {
 public:
  // `model` must outlive the object.
  explicit SpamCalls(const SpamModel& model) : model_(model) {}

  absl::StatusOr<v1::AssessSpamResponse> AssessSpam(const rpc::Call& call,
                                                    const v1::AssessSpamRequest& request,
                                                    Violations violations = {});

 private:
  const SpamModel& model_;
};

}  // namespace veche::classification
