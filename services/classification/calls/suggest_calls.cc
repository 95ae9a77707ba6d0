#include "services/classification/calls/suggest_calls.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/geo/point.h"
#include "common/text/utf8.h"
#include "services/classification/calls/convert.h"
#include "services/classification/model/places.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxCharacters = 100'000;
constexpr int kMaxBatch = 64;
constexpr int kMaxCandidates = 20;
constexpr size_t kMaxNameBytes = 200;

void CheckCandidates(int count, Violations& violations) {
  if (count >= 0 && count <= kMaxCandidates) return;
  violations.Add("maxCandidates",
                 {"OUT_OF_RANGE", {{"least", "0"}, {"most", absl::StrCat(kMaxCandidates)}}});
}

// Checks the form of a name only: the model ignores names that it does not know.
void CheckName(absl::string_view name, absl::string_view prefix, absl::string_view field,
               Violations& violations) {
  if (name.empty() || (name.size() <= kMaxNameBytes && absl::StartsWith(name, prefix))) return;
  violations.Add(field, {"NAME_FORM", {{"form", absl::StrCat(prefix, "{id}")}}});
}

SuggestOptions OptionsOf(const v1::SuggestRequest& request, double wrong_cost) {
  SuggestOptions options = {.evidence = !request.without_evidence(), .wrong_cost = wrong_cost};
  if (request.max_candidates() > 0) {
    options.candidates = static_cast<size_t>(request.max_candidates());
  }
  options.topic = std::string(absl::StripPrefix(request.category(), "categories/"));
  TextOrigin origin = {.district = request.district(), .channel = request.channel()};
  if (request.location().has_latitude()) {
    origin.point = {request.location().latitude(), request.location().longitude()};
  }
  options.places = PlaceNames(origin);
  return options;
}

}  // namespace

absl::StatusOr<v1::SuggestBatchResponse> SuggestCalls::SuggestBatch(
    const rpc::Call& call, const v1::SuggestBatchRequest& request, Violations violations) {
  if (request.items_size() > kMaxBatch) {
    violations.Add("items", {"TOO_MANY", {{"most", absl::StrCat(kMaxBatch)}}});
  }
  CheckCandidates(request.max_candidates(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::SuggestBatchResponse response;
  v1::SuggestRequest single;
  for (const v1::SuggestBatchRequest::Item& item : request.items()) {
    // The router repeats a batch that took too long with fewer texts.
    if (call.cancelled()) return absl::DeadlineExceededError("the caller no longer waits");
    single.Clear();
    single.set_text(item.text());
    if (item.has_location()) *single.mutable_location() = item.location();
    single.set_category(item.category());
    single.set_district(item.district());
    single.set_channel(item.channel());
    single.set_without_evidence(request.without_evidence());
    single.set_max_candidates(request.max_candidates());
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

absl::StatusOr<v1::SuggestResponse> SuggestCalls::Suggest(const rpc::Call&,
                                                          const v1::SuggestRequest& request,
                                                          Violations violations) {
  const Text problem =
      text::TextProblem(request.text(), {.min_characters = 1, .max_characters = kMaxCharacters});
  if (!problem.empty()) violations.Add("text", problem);
  geo::PointIn(request.location(), "location.", violations);
  CheckName(request.category(), "categories/", "category", violations);
  CheckName(request.district(), "districts/", "district", violations);
  if (request.channel().size() > kMaxNameBytes) {
    violations.Add("channel", {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMaxNameBytes)}}});
  }
  CheckCandidates(request.max_candidates(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const auto active = parts_.active.Read();
  return ToProto(active->Suggest(request.text(), OptionsOf(request, parts_.wrong_cost)),
                 active->model());
}

}  // namespace veche::classification
