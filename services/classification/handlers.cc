#include "services/classification/handlers.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/convert.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxCharacters = 100'000;
constexpr int kMaxBatch = 64;

// NaN is outside every range.
void CheckRange(double value, double limit, absl::string_view field, absl::string_view range,
                Violations& violations) {
  if (!(std::abs(value) <= limit)) violations.Add(field, range);
}

}  // namespace

absl::StatusOr<v1::SuggestBatchResponse> Handlers::SuggestBatch(
    const rpc::Call& call, const v1::SuggestBatchRequest& request, Violations violations) {
  if (request.items_size() > kMaxBatch) {
    violations.Add("items", absl::StrCat("must be at most ", kMaxBatch));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  v1::SuggestBatchResponse response;
  v1::SuggestRequest single;
  for (const v1::SuggestBatchRequest::Item& item : request.items()) {
    // Who waits no longer asks again with fewer.
    if (call.cancelled()) return absl::DeadlineExceededError("the caller waits no longer");
    single.Clear();
    single.set_text(item.text());
    if (item.has_location()) *single.mutable_location() = item.location();
    single.set_without_evidence(request.without_evidence());
    auto suggestion = Suggest(call, single);
    v1::SuggestBatchResponse::Result& result = *response.add_results();
    if (suggestion.ok()) {
      *result.mutable_suggestion() = *std::move(suggestion);
    } else {
      result.mutable_error()->set_code(static_cast<int>(suggestion.status().code()));
      result.mutable_error()->set_message(std::string(suggestion.status().message()));
    }
  }
  return response;
}

absl::StatusOr<v1::SuggestResponse> Handlers::Suggest(const rpc::Call&,
                                                      const v1::SuggestRequest& request,
                                                      Violations violations) {
  const std::string problem =
      text::TextProblem(request.text(), {.min_characters = 1, .max_characters = kMaxCharacters});
  if (!problem.empty()) violations.Add("text", problem);
  if (request.has_location()) {
    CheckRange(request.location().latitude(), 90, "location.latitude", "must be from -90 to 90",
               violations);
    CheckRange(request.location().longitude(), 180, "location.longitude",
               "must be from -180 to 180", violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const auto active = parts_.active.Read();
  const SuggestOptions options = {.evidence = !request.without_evidence()};
  return ToProto(active->Suggest(request.text(), options), active->model());
}

}  // namespace veche::classification
