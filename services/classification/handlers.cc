#include "services/classification/handlers.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/convert.h"
#include "services/classification/errors.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxCharacters = 100'000;
constexpr size_t kMaxName = 200;
constexpr int kMaxBatch = 64;

// Whether `name` is "<collection>/{id}".
bool IsName(absl::string_view name, absl::string_view collection) {
  return absl::ConsumePrefix(&name, collection) && absl::ConsumePrefix(&name, "/") &&
         !name.empty() && name.size() <= kMaxName &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
             absl::string_view::npos;
}

// NaN is outside every range.
void CheckRange(double value, double limit, absl::string_view field, absl::string_view range,
                Violations& violations) {
  if (!(std::abs(value) <= limit)) violations.Add(field, range);
}

}  // namespace

absl::StatusOr<v1::SuggestBatchResponse> Handlers::SuggestBatch(
    const rpc::Call& call, const v1::SuggestBatchRequest& request) {
  if (request.items_size() > kMaxBatch) {
    Violations violations;
    violations.Add("items", absl::StrCat("must be at most ", kMaxBatch));
    return violations.ToStatus();
  }
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
                                                      const v1::SuggestRequest& request) {
  Violations violations;
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
  Suggestion suggestion = parts_.active.Suggest(request.text());
  if (request.without_evidence()) {
    for (Candidate& candidate : suggestion.candidates) candidate.evidence.clear();
  }
  return ToProto(suggestion, parts_.active.model());
}

absl::StatusOr<v1::CorrectResponse> Handlers::Correct(const rpc::Call& call,
                                                      const v1::CorrectRequest& request) {
  Violations violations;
  if (!IsName(request.appeal(), "appeals")) {
    violations.Add("appeal", "must be the name of an appeal: appeals/{id}");
  }
  if (!IsName(request.category(), "categories")) {
    violations.Add("category", "must be the name of a category: categories/{id}");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const absl::string_view topic = absl::StripPrefix(request.category(), "categories/");
  if (FindTopic(topic) == nullptr) return UnknownCategory(request.category());
  const Correction correction = {.appeal = request.appeal(),
                                 .category = request.category(),
                                 .staff = call.principal().name,
                                 .create_time = parts_.clock.Now()};
  v1::CorrectResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.store.PutCorrection(transaction, correction));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListModelsResponse> Handlers::ListModels(const rpc::Call&,
                                                            const v1::ListModelsRequest&) {
  v1::ListModelsResponse response;
  const Model& active = parts_.active.model();
  const Model& built_in = parts_.built_in.model();
  *response.add_models() = ToProto(active, /*active=*/true);
  if (built_in.version() != active.version()) {
    *response.add_models() = ToProto(built_in, /*active=*/false);
  }
  return response;
}

}  // namespace veche::classification
