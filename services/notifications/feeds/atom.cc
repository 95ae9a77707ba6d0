#include "services/notifications/feeds/atom.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "services/notifications/feeds/cap.h"
#include "services/notifications/feeds/xml_writer.h"

namespace veche::notifications {
namespace {

constexpr char kAtomNamespace[] = "http://www.w3.org/2005/Atom";

std::string AtomTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", time, absl::UTCTimeZone());
}

// A "tag" URI (RFC 4151) stays the same when the city moves its pages.
std::string TagOf(const FeedContext& context, absl::string_view what) {
  return absl::StrCat("tag:", context.Host(), ",2026:", what);
}

std::string FeedTitle(const FeedName& name, const FeedContext& context, const Texts& texts,
                      const std::string& language) {
  const std::string place =
      name.district.empty() ? context.city : context.PlaceTitle({name.district}, language);
  if (name.topic.empty()) return texts.Get({"FEED_TITLE", {{"place", place}}}, language);
  return texts.Get({"FEED_TITLE_OF_TOPIC",
                    {{"topic", context.TopicTitle(name.topic, language)}, {"place", place}}},
                   language);
}

void BeginFeed(absl::Span<const PublishedAlert> posts, const FeedName& name,
               const FeedContext& context, const Texts& texts, const std::string& language,
               XmlWriter& xml) {
  const absl::Time updated = posts.empty() ? absl::UnixEpoch() : posts[0].revision.create_time;
  xml.Begin("feed", {{"xmlns", kAtomNamespace}, {"xml:lang", language}});
  xml.Element("id", TagOf(context, absl::StripPrefix(name.path, "/")));
  xml.Element("title", FeedTitle(name, context, texts, language));
  xml.Element("updated", AtomTime(updated));
  xml.Begin("author").Element("name", context.city).End();
  xml.Empty("link", {{"rel", "self"},
                     {"type", "application/atom+xml"},
                     {"href", absl::StrCat(context.public_url, name.path)}});
}

std::string EntryTitle(const PublishedAlert& alert, const Texts& texts,
                       const std::string& language) {
  const std::string title = TitleIn(alert.revision.content.titles, language);
  if (alert.post.type != kAlertCancelled) return title;
  return texts.Get({"ALERT_CANCELLED_TITLE", {{"title", title}}}, language);
}

// What entries of both feeds have.
void BeginEntry(const PublishedAlert& alert, const std::string& id, const FeedContext& context,
                const Texts& texts, const std::string& language, XmlWriter& xml) {
  const AlertRevision& revision = alert.revision;
  xml.Begin("entry");
  xml.Element("id", id);
  xml.Element("title", EntryTitle(alert, texts, language));
  xml.Element("published", AtomTime(revision.publish_time.value_or(revision.create_time)));
  xml.Element("updated", AtomTime(revision.create_time));
  xml.Empty("category", {{"term", alert.post.topic},
                         {"label", context.TopicTitle(alert.post.topic, language)}});
  xml.Empty("link", {{"rel", "alternate"},
                     {"href", absl::StrCat(context.public_url, "/", AlertName(revision.alert))}});
}

std::string BodyOf(const AlertRevision& revision, const std::string& language) {
  std::vector<std::string> parts;
  for (const std::string& part :
       {revision.cancel_reason, TitleIn(revision.content.bodies, language),
        TitleIn(revision.content.instructions, language)}) {
    if (!part.empty()) parts.push_back(part);
  }
  return absl::StrJoin(parts, "\n\n");
}

}  // namespace

std::string AtomFeed(absl::Span<const PublishedAlert> posts, const FeedName& name,
                     const FeedContext& context, const Texts& texts, const std::string& language) {
  XmlWriter xml;
  BeginFeed(posts, name, context, texts, language, xml);
  std::set<std::string> written;
  for (const PublishedAlert& alert : posts) {
    const AlertRevision& revision = alert.revision;
    if (!written.insert(revision.alert).second) continue;  // an earlier post of the same alert
    BeginEntry(alert, TagOf(context, AlertName(revision.alert)), context, texts, language, xml);
    xml.Empty("link", {{"rel", "related"},
                       {"type", kCapType},
                       {"href", absl::StrCat(context.public_url, "/v1/", AlertName(revision.alert),
                                             ":cap?revision=", revision.revision)}});
    const std::string body = BodyOf(revision, language);
    xml.Element("content", body.empty() ? EntryTitle(alert, texts, language) : body,
                {{"type", "text"}});
    xml.End();
  }
  return xml.Finish();
}

std::string CapFeed(absl::Span<const PublishedAlert> posts, const FeedName& name,
                    const FeedContext& context, const Texts& texts, const std::string& language) {
  XmlWriter xml;
  BeginFeed(posts, name, context, texts, language, xml);
  for (const PublishedAlert& alert : posts) {
    const std::string id =
        TagOf(context, AlertName(CapIdentifier(alert.post.alert, alert.post.revision)));
    BeginEntry(alert, id, context, texts, language, xml);
    // The content is no text for people, so there is a summary (RFC 4287, 4.1.2).
    const std::string body = BodyOf(alert.revision, language);
    xml.Element("summary", body.empty() ? EntryTitle(alert, texts, language) : body);
    xml.Begin("content", {{"type", kCapType}});
    WriteCap(alert, context, xml);
    xml.End().End();
  }
  return xml.Finish();
}

}  // namespace veche::notifications
