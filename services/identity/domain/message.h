#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/api/contact.h"

// Messages to residents and guests: how they wait in the queue, and how they leave it.

namespace veche::identity {

// How a message travels. Stored by number.
enum class Channel { kEmail = 1, kSms = 2 };

inline Channel ChannelOf(api::Contact::Kind kind) {
  return kind == api::Contact::Kind::kEmail ? Channel::kEmail : Channel::kSms;
}

// How far a message is. Stored by number.
enum class MessageState {
  kQueued = 1,   // waits for its first attempt
  kSending = 2,  // a process has claimed it; due again when that process seems dead
  kSent = 3,     // the provider has taken it
  kFailed = 4,   // waits for another attempt
  kDead = 5,     // the provider refused it, or there were too many attempts
};

// A message that waits. The sender does not know the contact of the resident.
struct QueuedMessage {
  std::string id;                    // ULID
  std::string request;               // unique: the calling service, "\n" and its request id
  std::string resident;              // id of the recipient
  std::string subject;               // one line, may be empty
  std::string body;                  // plain text
  std::string html;                  // the same as HTML, or ""
  std::string unsubscribe_url = {};  // where a POST ends such messages, or ""
  bool urgent = false;               // overtakes the messages that are not
  absl::Time create_time;
};

// A message that leaves Veche.
struct OutgoingMessage {
  std::string id;   // ULID; the same id is the same message
  std::string key;  // under which the provider knows the message, the same in all attempts
  api::Contact to;
  std::string subject;  // one line, may be empty
  std::string body;     // plain text
  std::string html = {};
  std::string unsubscribe_url = {};
  absl::Time create_time;
  int attempt = 1;
};

// A message without contents and contact.
struct MessageSummary {
  std::string id;
  std::string request;  // as of QueuedMessage
  MessageState state = MessageState::kQueued;
  Channel channel = Channel::kEmail;
  int attempts = 0;
  std::string error;  // the provider's code for the last failure; "" without one
  absl::Time create_time;
  absl::Time due_time;
};

}  // namespace veche::identity
