#include "services/notifications/sending/message_writer.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {

absl::StatusOr<std::vector<bool>> MessageWriter::Write(absl::Span<Job> jobs) {
  Material material;
  RETURN_IF_ERROR(Gather(jobs, material));
  std::vector<bool> written;
  for (size_t i = 0; i < jobs.size(); ++i) {
    written.push_back(WriteOne(jobs[i], material.readers[i], material));
  }
  return written;
}

absl::Status MessageWriter::Gather(absl::Span<const Job> jobs, Material& material) {
  std::vector<int64_t> posts, notices;
  for (const Job& job : jobs) {
    for (const Delivery& delivery : job.deliveries) {
      if (delivery.post) posts.push_back(*delivery.post);
      if (delivery.notice) notices.push_back(*delivery.notice);
    }
  }
  return parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    material = {};
    if (!posts.empty() && parts_.posts) {
      ASSIGN_OR_RETURN(const std::vector<PublishedAlert> found, parts_.posts(transaction, posts));
      for (const PublishedAlert& alert : found) material.posts.emplace(alert.post.seq, alert);
    }
    if (!notices.empty()) {
      ASSIGN_OR_RETURN(const std::vector<Notice> found,
                       parts_.notices.GetMany(transaction, notices));
      for (const Notice& notice : found) material.notices.emplace(notice.seq, notice);
    }
    material.readers.assign(jobs.size(), {.language = parts_.language});
    if (!parts_.readers) return absl::OkStatus();
    ASSIGN_OR_RETURN(material.readers, parts_.readers(transaction, jobs, material.posts));
    if (material.readers.size() == jobs.size()) return absl::OkStatus();
    return absl::InternalError("not a reader for each job");
  });
}

bool MessageWriter::WriteOne(Job& job, const Reader& reader, const Material& material) const {
  if (reader.ended) return false;
  if (job.first().notice) {
    const auto notice = material.notices.find(*job.first().notice);
    if (notice == material.notices.end()) return false;
    job.message = OfNotice(notice->second, reader);
    return true;
  }
  std::vector<PublishedAlert> alerts;
  for (const Delivery& delivery : job.deliveries) {
    const auto post = material.posts.find(delivery.post.value_or(0));
    if (post != material.posts.end()) alerts.push_back(post->second);
  }
  if (alerts.empty()) return false;
  const auto form = [&](const char* id) { return parts_.texts.Get(Text(id), reader.language); };
  job.message = WriteDigest(alerts, reader,
                            {.updated = form("ALERT_UPDATED"),
                             .cancelled = form("ALERT_CANCELLED"),
                             .digest = form("ALERT_DIGEST")},
                            parts_.public_url);
  return true;
}

Message MessageWriter::OfNotice(const Notice& notice, const Reader& reader) const {
  const v1::Notification wire = ToWire(notice, AlertContext(), parts_.texts, reader.language);
  return {.title = wire.title(),
          .reason = wire.reason(),
          .link = absl::StrCat(parts_.public_url, "/", notice.subject),
          .mute_link = reader.mute_link,
          .language = reader.language,
          .subject = notice.subject};
}

}  // namespace veche::notifications
