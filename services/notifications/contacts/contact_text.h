#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/texts.h"
#include "services/notifications/domain/contact_notice.h"
#include "services/notifications/domain/message.h"
#include "veche/appeals/v1/notices.pb.h"
#include "veche/identity/v1/messages.pb.h"

// What messages about appeals say, and the form of a message by e-mail or SMS. Pure.

namespace veche::notifications {

// The city's own part of the messages.
struct ContactOptions {
  std::string public_url;  // "https://city.example.org"
  absl::TimeZone zone;
};

// The message about a notice for `recipient` in `language`: what was said, when the answer is due,
// and the link to the appeal, with the token of a guest's appeal for its author alone. The mute
// link is the caller's.
Message WriteNotice(const ContactNotice& notice, const appeals::v1::ChangeNotice& change,
                    const Texts& texts, absl::string_view language, const ContactOptions& options);

// "{public_url}/v1/unsubscribe?token=…".
std::string UnsubscribeUrl(absl::string_view public_url, absl::string_view token);

// A message as identity takes it: plain text and the same as HTML.
identity::v1::Content ContentOf(const Message& message, const Texts& texts);

}  // namespace veche::notifications
