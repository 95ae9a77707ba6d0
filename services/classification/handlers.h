#pragma once

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/classification/classifier.h"
#include "services/classification/store.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// The RPCs as blocking functions. Thread-safe.
class Handlers {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    const Classifier& active;    // the model in use
    const Classifier& built_in;  // the one of this program; may be the same
    const Clock& clock;
  };

  // All parts must outlive it.
  explicit Handlers(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<v1::SuggestResponse> Suggest(const rpc::Call& call,
                                              const v1::SuggestRequest& request);
  absl::StatusOr<v1::SuggestBatchResponse> SuggestBatch(const rpc::Call& call,
                                                        const v1::SuggestBatchRequest& request);
  absl::StatusOr<v1::CorrectResponse> Correct(const rpc::Call& call,
                                              const v1::CorrectRequest& request);
  absl::StatusOr<v1::ListModelsResponse> ListModels(const rpc::Call& call,
                                                    const v1::ListModelsRequest& request);

 private:
  const Parts parts_;
};

}  // namespace veche::classification
