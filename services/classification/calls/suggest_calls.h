#pragma once

#include "absl/status/statusor.h"
#include "common/base/published.h"
#include "common/rpc/call.h"
#include "services/classification/classifier/classifier.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// The RPCs about texts as blocking functions. Thread-safe.
class SuggestCalls {
 public:
  struct Parts {
    const Published<Classifier>& active;    // the model in use
    double wrong_cost = kDefaultWrongCost;  // of a wrong answer, in reviews by a person
  };

  // What the parts refer to must outlive the object.
  explicit SuggestCalls(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<v1::SuggestResponse> Suggest(const rpc::Call& call,
                                              const v1::SuggestRequest& request,
                                              Violations violations = {});
  absl::StatusOr<v1::SuggestBatchResponse> SuggestBatch(const rpc::Call& call,
                                                        const v1::SuggestBatchRequest& request,
                                                        Violations violations = {});

 private:
  const Parts parts_;
};

}  // namespace veche::classification
