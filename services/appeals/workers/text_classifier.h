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

// Asks classification about waiting texts: up to 64 in one call. When a call fails and one of its
// texts may be the cause, asks about them one by one, so that one text never fails the others.
// Thread-safe.
class TextClassifier {
 public:
  struct Answer {
    absl::Status status;
    Suggestion suggestion;  // when the status is OK
  };

  explicit TextClassifier(std::shared_ptr<grpc::Channel> classification);

  // One answer for each text, in their order; all calls run at once. Runs `meanwhile` while it
  // waits.
  std::vector<Answer> Ask(absl::Span<const Appeal> appeals, absl::FunctionRef<void()> meanwhile);
  // Whether classification answers about a harmless text.
  bool Works();

 private:
  void AskOneByOne(absl::Span<const Appeal> appeals, absl::Span<Answer> answers,
                   absl::FunctionRef<void()> meanwhile);

  const std::unique_ptr<classification::v1::Classification::Stub> stub_;
};

}  // namespace veche::appeals
