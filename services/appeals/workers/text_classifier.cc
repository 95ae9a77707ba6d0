#include "services/appeals/workers/text_classifier.h"

#include <algorithm>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::appeals {
namespace {

using classification::v1::SuggestBatchRequest;
using classification::v1::SuggestBatchResponse;
using classification::v1::SuggestRequest;
using classification::v1::SuggestResponse;

constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr size_t kMostTexts = 64;  // of one call, as the proto says
constexpr int kMostCandidates =
    20;  // of a text, by the proto: the department is chosen by all of them
constexpr char kHarmless[] = "Яма на дороге";

// The request for an appeal; it has the same fields alone and in a batch.
template <typename Request>
void Fill(const Appeal& appeal, Request& request) {
  request.set_text(appeal.text);
  request.set_category(appeal.category);
  request.set_district(appeal.district);
  request.set_channel(appeal.channel);
  if (!appeal.location) return;
  request.mutable_location()->set_latitude(appeal.location->latitude);
  request.mutable_location()->set_longitude(appeal.location->longitude);
}

Suggestion FromWire(const SuggestResponse& wire) {
  Suggestion suggestion{.model = wire.model(),
                        .confident = wire.confident(),
                        .sure_from = wire.sure_from(),
                        .language = wire.language(),
                        .advice = wire.advice()};
  for (const auto& candidate : wire.candidates()) {
    suggestion.candidates.push_back({candidate.category(), candidate.probability()});
  }
  for (const auto& department : wire.departments()) {
    suggestion.departments.push_back({department.kind(), department.probability()});
  }
  for (const auto& reason : wire.priority_reasons()) {
    suggestion.reasons.push_back({reason.reason(), reason.points(), reason.evidence()});
  }
  const classification::v1::Moderation& moderation = wire.moderation();
  suggestion.moderation = {.toxicity = moderation.toxicity(),
                           .spam = moderation.spam(),
                           .reasons = {moderation.reasons().begin(), moderation.reasons().end()},
                           .waits = !moderation.reasons().empty()};
  return suggestion;
}

// One call about a part of the appeals.
struct Batch {
  absl::Span<const Appeal> appeals;
  absl::Span<TextClassifier::Answer> answers;
  std::unique_ptr<grpc::ClientContext> context;
  SuggestBatchRequest request;
  SuggestBatchResponse response;
  grpc::Status status;
};

// Whether a failed call may still succeed for its texts one by one. A classifier of an older
// release does not know batches.
bool MayBeATexts(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return false;
    default:
      return true;
  }
}

// Gives each text its answer. False when the texts must be asked about one by one.
bool Read(Batch& batch) {
  const absl::Status status = rpc::FromGrpc(batch.status);
  if (!status.ok()) {
    for (TextClassifier::Answer& answer : batch.answers) answer.status = status;
    return !MayBeATexts(status);
  }
  if (static_cast<size_t>(batch.response.results_size()) != batch.answers.size()) return false;
  for (size_t i = 0; i < batch.answers.size(); ++i) {
    const SuggestBatchResponse::Result& result = batch.response.results(static_cast<int>(i));
    TextClassifier::Answer& answer = batch.answers[i];
    if (result.has_suggestion()) {
      answer = {absl::OkStatus(), FromWire(result.suggestion())};
    } else {
      answer.status = absl::Status(static_cast<absl::StatusCode>(result.error().code()),
                                   result.error().message());
    }
  }
  return true;
}

}  // namespace

TextClassifier::TextClassifier(std::shared_ptr<grpc::Channel> classification)
    : stub_(classification::v1::Classification::NewStub(std::move(classification))) {}

std::vector<TextClassifier::Answer> TextClassifier::Ask(absl::Span<const Appeal> appeals,
                                                        absl::FunctionRef<void()> meanwhile) {
  std::vector<Answer> answers(appeals.size());
  if (appeals.size() == 1) {
    AskOneByOne(appeals, absl::MakeSpan(answers), meanwhile);
    return answers;
  }
  std::vector<Batch> batches((appeals.size() + kMostTexts - 1) / kMostTexts);
  absl::BlockingCounter pending(static_cast<int>(batches.size()));
  for (size_t i = 0; i < batches.size(); ++i) {
    Batch& batch = batches[i];
    batch.appeals = appeals.subspan(i * kMostTexts, kMostTexts);
    batch.answers = absl::MakeSpan(answers).subspan(i * kMostTexts, kMostTexts);
    for (const Appeal& appeal : batch.appeals) Fill(appeal, *batch.request.add_items());
    batch.request.set_without_evidence(true);
    batch.request.set_max_candidates(kMostCandidates);
    batch.context = rpc::NewBackgroundContext("appeals", kTimeout);
    stub_->async()->SuggestBatch(batch.context.get(), &batch.request, &batch.response,
                                 [&batch, &pending](grpc::Status status) {
                                   batch.status = std::move(status);
                                   pending.DecrementCount();
                                 });
  }
  meanwhile();
  pending.Wait();
  for (Batch& batch : batches) {
    if (!Read(batch)) AskOneByOne(batch.appeals, batch.answers, [] {});
  }
  return answers;
}

void TextClassifier::AskOneByOne(absl::Span<const Appeal> appeals, absl::Span<Answer> answers,
                                 absl::FunctionRef<void()> meanwhile) {
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<SuggestRequest> requests(appeals.size());
  std::vector<SuggestResponse> responses(appeals.size());
  absl::BlockingCounter pending(static_cast<int>(appeals.size()));
  for (size_t i = 0; i < appeals.size(); ++i) {
    Fill(appeals[i], requests[i]);
    requests[i].set_without_evidence(true);
    requests[i].set_max_candidates(kMostCandidates);
    contexts.push_back(rpc::NewBackgroundContext("appeals", kTimeout));
    stub_->async()->Suggest(
        contexts[i].get(), &requests[i], &responses[i],
        [&answer = answers[i], &response = responses[i], &pending](grpc::Status status) {
          answer.status = rpc::FromGrpc(status);
          if (answer.status.ok()) answer.suggestion = FromWire(response);
          pending.DecrementCount();
        });
  }
  meanwhile();
  pending.Wait();
}

bool TextClassifier::Works() {
  SuggestRequest request;
  request.set_text(kHarmless);
  SuggestResponse response;
  auto context = rpc::NewBackgroundContext("appeals", kTimeout);
  return stub_->Suggest(context.get(), request, &response).ok();
}

}  // namespace veche::appeals
