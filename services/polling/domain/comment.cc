#include "services/polling/domain/comment.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace veche::polling {

void Hold(Comment& comment) {
  comment.hidden = true;
  comment.hidden_reason.clear();
  comment.hidden_by.clear();
  ++comment.report_count;
}

CommentVersion Edit(absl::string_view text, absl::string_view masked, absl::Time now,
                    Comment& comment) {
  CommentVersion replaced = {.text = std::move(comment.text), .time = comment.text_time};
  comment.text = std::string(text);
  comment.masked_text = std::string(masked);
  ++comment.edit_count;
  comment.text_time = now;
  return replaced;
}

std::vector<CommentVersion> ShownVersions(const Comment& comment,
                                          std::vector<CommentVersion> versions) {
  if (!IsEdited(comment)) return {};
  // The last version that stood before the end of the silent time is the first that others could
  // rely on.
  const absl::Time end = comment.created + kSilentEdits;
  size_t first = 0;
  while (first + 1 < versions.size() && versions[first + 1].time <= end) ++first;
  versions.erase(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(first));
  return versions;
}

double WilsonLowerBound(int64_t up, int64_t down) {
  const double votes = static_cast<double>(up + down);
  if (votes <= 0) return 0;
  constexpr double kZ = 1.959963984540054;
  const double share = static_cast<double>(up) / votes;
  const double z2 = kZ * kZ;
  const double center = share + z2 / (2 * votes);
  const double spread = kZ * std::sqrt((share * (1 - share) + z2 / (4 * votes)) / votes);
  return std::max(0.0, (center - spread) / (1 + z2 / votes));
}

int64_t RankOf(int64_t up, int64_t down) { return std::llround(WilsonLowerBound(up, down) * 1e9); }

}  // namespace veche::polling
