#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/texts.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/feeds/context.h"

// The open feeds (RFC 4287). Pure.

namespace veche::notifications {

inline constexpr char kAtomType[] = "application/atom+xml; charset=utf-8";

// How a feed is called.
struct FeedName {
  std::string path;      // with its filters: "/feeds/alerts.atom?topic=topics/weather"
  std::string topic;     // "topics/{id}"; "" for all
  std::string district;  // "districts/{id}"; "" for all
};

// One entry for each alert, as its newest post says it, in `language`. `posts` are newest first.
std::string AtomFeed(absl::Span<const PublishedAlert> posts, const FeedName& name,
                     const FeedContext& context, const Texts& texts, const std::string& language);
// One entry for each post, whose content is its CAP message.
std::string CapFeed(absl::Span<const PublishedAlert> posts, const FeedName& name,
                    const FeedContext& context, const Texts& texts, const std::string& language);

}  // namespace veche::notifications
