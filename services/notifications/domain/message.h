#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/alert.h"

// What a delivery says, in the language of its subscriber. Pure.

namespace veche::notifications {

struct Message {
  std::string title;      // one line
  std::string body;       // "" for none
  std::string reason;     // why it came; "" for none
  std::string link;       // where to read more
  std::string mute_link;  // ends messages of this kind; "" for none
  std::string language;   // of the texts
  std::string subject;    // "alerts/{id}", "appeals/{id}"; "" for a digest
  Severity severity = Severity::kInfo;
  absl::Time expire_time = absl::InfiniteFuture();  // when it need not arrive any more
};

// For whom a message is.
struct Reader {
  std::string language;   // one of kLanguages
  std::string reason;     // as Message has it
  std::string mute_link;  // as Message has it
  bool ended = false;     // whether the reader wants no such messages any more
};

// The sentences around what editors write, in the reader's language.
struct MessageForms {
  std::string updated;    // "Updated: {title}"
  std::string cancelled;  // "Cancelled: {title}"
  std::string digest;     // "{count} messages from the city"
};

// The message about a post. `public_url`: where the city's pages are, without a slash at the end.
Message WriteAlert(const PublishedAlert& alert, const Reader& reader, const MessageForms& forms,
                   absl::string_view public_url);
// One message about several posts: the titles, the most severe first. REQUIRES: not empty.
Message WriteDigest(const std::vector<PublishedAlert>& alerts, const Reader& reader,
                    const MessageForms& forms, absl::string_view public_url);

// At most `most` bytes of `text`, which end with a whole character and "…" if any are left out.
std::string Shorten(absl::string_view text, size_t most);

}  // namespace veche::notifications
