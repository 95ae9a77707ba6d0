#include "services/appeals/calls/text_calls.h"

#include <cmath>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

constexpr int kMostTexts = 500;
constexpr size_t kMostBytes = 4 * 1024 * 1024;

// The middle of a map piece of about a kilometre: classification learns nothing more precise.
double Coarse(double degrees) { return (std::floor(degrees * 100) + 0.5) / 100; }

}  // namespace

absl::StatusOr<v1::BatchGetTextsResponse> TextCalls::BatchGetTexts(
    const rpc::Call& call, const v1::BatchGetTextsRequest& request, Violations violations) {
  if (request.names_size() > kMostTexts)
    violations.Add("names", {"TOO_MANY", {{"most", absl::StrCat(kMostTexts)}}});
  std::vector<std::string> ids;
  // Invalid names are skipped like deleted appeals.
  for (const std::string& name : request.names()) {
    ids.push_back(ParseAppealName(name).value_or(""));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::vector<Appeal> found, store_.GetMany(ids));
  absl::flat_hash_map<absl::string_view, const Appeal*> by_id;
  for (const Appeal& appeal : found) by_id.emplace(appeal.id, &appeal);
  v1::BatchGetTextsResponse response;
  size_t bytes = 0;
  for (const std::string& id : ids) {
    const auto it = by_id.find(id);
    if (it != by_id.end() && it->second->state != State::kWithdrawn) {
      const Appeal& appeal = *it->second;
      const std::string& text = PublicText(appeal);
      // The first always fits: one text is far smaller.
      if (bytes + text.size() > kMostBytes) break;
      bytes += text.size();
      auto& wire = *response.add_texts();
      wire.set_name(AppealName(id));
      wire.set_text(text);
      wire.set_district(appeal.district);
      wire.set_channel(appeal.channel);
      if (appeal.location) {
        wire.mutable_location()->set_latitude(Coarse(appeal.location->latitude));
        wire.mutable_location()->set_longitude(Coarse(appeal.location->longitude));
      }
    }
    response.set_examined(response.examined() + 1);
  }
  return response;
}

}  // namespace veche::appeals
