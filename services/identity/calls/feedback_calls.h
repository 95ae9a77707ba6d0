#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/identity/storage/feedback_store.h"
#include "services/identity/storage/store.h"
#include "veche/identity/v1/feedback.pb.h"

namespace veche::identity {

// What people say about the app. Thread-safe; may block.
class FeedbackCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    FeedbackStore& feedback;
    const Clock& clock;
    IdSource& ids;
  };
  // All of `parts` must outlive it.
  explicit FeedbackCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::SendFeedbackResponse> SendFeedback(const rpc::Call& call,
                                                        const v1::SendFeedbackRequest& request,
                                                        Violations violations = {});
  // The answer is not stored under an Idempotency-Key: it holds contacts.
  absl::StatusOr<v1::ListFeedbackResponse> ListFeedback(const rpc::Call& call,
                                                        const v1::ListFeedbackRequest& request,
                                                        Violations violations = {});

 private:
  const Parts parts_;
};

}  // namespace veche::identity
