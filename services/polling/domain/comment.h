#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

// What a comment is and the rules of a discussion. Pure.

namespace veche::polling {

// The numbers of v1::Comment::Vote without NONE; stored as numbers.
enum class CommentVote { kNone = 0, kUp = 1, kDown = 2 };

struct Comment {
  std::string id;  // ULID of its creation
  std::string initiative;
  std::string reply_to;  // "" on the first level
  std::string author;    // "residents/{id}" or "staff/{id}"
  bool official = false;
  std::string department;
  std::string text;
  std::string masked_text;  // "" when there is nothing to mask
  absl::Time created;
  absl::Time text_time;  // since when the present text stands
  int64_t edit_count = 0;
  int64_t up_count = 0;
  int64_t down_count = 0;
  int64_t rank = 0;  // RankOf the counts
  int64_t reply_count = 0;
  bool hidden = false;
  std::string hidden_reason;
  std::string hidden_by;     // "staff/{id}"; "" of a held comment
  int64_t report_count = 0;  // reports that no moderator has settled
};

inline const std::string& PublicText(const Comment& comment) {
  return comment.masked_text.empty() ? comment.text : comment.masked_text;
}

// Whether it waits for a moderator, because it could not be checked for spam.
inline bool IsHeld(const Comment& comment) { return comment.hidden && comment.hidden_by.empty(); }
// Hides it until a moderator decides. It counts as reported, so that moderators find it.
void Hold(Comment& comment);

// An earlier text of a comment, and since when it stood.
struct CommentVersion {
  std::string text;
  absl::Time time;
};

inline constexpr absl::Duration kSilentEdits = absl::Minutes(15);
inline constexpr int kMostEdits = 50;

// Whether others see that it was changed: not when it was within kSilentEdits of its creation.
inline bool IsEdited(const Comment& comment) {
  return comment.text_time > comment.created + kSilentEdits;
}
// Replaces the text, and returns the version that it replaces.
CommentVersion Edit(absl::string_view text, absl::string_view masked, absl::Time now,
                    Comment& comment);
// Of all versions, oldest first, those that stood when the time of silent edits ended or later.
std::vector<CommentVersion> ShownVersions(const Comment& comment,
                                          std::vector<CommentVersion> versions);

// The lower bound of the 95 % confidence interval (Wilson 1927) of the share of votes for a
// comment, 0..1; 0 without votes.
double WilsonLowerBound(int64_t up, int64_t down);
// The same as a whole number of billionths, so that engines sort and compare it exactly.
int64_t RankOf(int64_t up, int64_t down);

}  // namespace veche::polling
