#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/routing/suggestion.h"
#include "veche/classification/v1/classification.grpc.pb.h"

namespace veche::appeals {

// Asks classification about texts that wait: one call for as many as there are, at most 64. Where a
// call fails and one of its texts may be the cause, they are asked about one by one, so that one
// text never speaks for the others. Thread-safe.
class TextClassifier {
 public:
  struct Answer {
    absl::Status status;
    Suggestion suggestion;  // when the status is OK
  };

  explicit TextClassifier(std::shared_ptr<grpc::Channel> classification);

  // One answer for each, in their order; all are asked at once. Runs `meanwhile` while it waits.
  std::vector<Answer> Ask(absl::Span<const Appeal> appeals, absl::FunctionRef<void()> meanwhile);
  // Whether classification answers about a text that is harmless.
  bool Works();

 private:
  void AskOneByOne(absl::Span<const Appeal> appeals, absl::Span<Answer> answers,
                   absl::FunctionRef<void()> meanwhile);

  const std::unique_ptr<classification::v1::Classification::Stub> stub_;
};

}  // namespace veche::appeals
