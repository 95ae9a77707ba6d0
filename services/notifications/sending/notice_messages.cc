#include "services/notifications/sending/notice_messages.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "common/base/status_macros.h"

namespace veche::notifications {
namespace {

using Event = std::tuple<std::string, std::string, absl::Time>;
// Of each event; nullopt when the appeal exists no more.
using Changes = std::map<Event, std::optional<appeals::v1::ChangeNotice>>;

// Jobs with their places in the page.
struct Selection {
  std::vector<Job> jobs;
  std::vector<size_t> places;
};

// Takes the jobs that are about a notice, or those that are not, out of the page.
Selection Take(absl::Span<Job> page, bool notices) {
  Selection selection;
  for (size_t i = 0; i < page.size(); ++i) {
    if (page[i].first().notice.has_value() != notices) continue;
    selection.places.push_back(i);
  }
  for (const size_t place : selection.places) selection.jobs.push_back(std::move(page[place]));
  return selection;
}

void PutBack(Selection& selection, absl::Span<Job> page) {
  for (size_t i = 0; i < selection.places.size(); ++i) {
    page[selection.places[i]] = std::move(selection.jobs[i]);
  }
}

}  // namespace

absl::StatusOr<std::vector<bool>> NoticeMessages::Write(absl::Span<Job> jobs) {
  std::vector<bool> written(jobs.size(), false);
  absl::Status failure;
  for (const bool notices : {true, false}) {
    Selection selection = Take(jobs, notices);
    absl::StatusOr<std::vector<bool>> result = std::vector<bool>(selection.jobs.size(), false);
    if (notices && !selection.jobs.empty()) {
      result = WriteNotices(absl::MakeSpan(selection.jobs));
    } else if (parts_.posts != nullptr && !selection.jobs.empty()) {
      result = parts_.posts->Write(absl::MakeSpan(selection.jobs));
    }
    PutBack(selection, jobs);
    if (!result.ok()) {
      failure = result.status();
      continue;
    }
    for (size_t i = 0; i < selection.places.size(); ++i) {
      written[selection.places[i]] = (*result)[i];
    }
  }
  RETURN_IF_ERROR(failure);
  return written;
}

absl::StatusOr<std::vector<bool>> NoticeMessages::WriteNotices(absl::Span<Job> jobs) {
  std::vector<int64_t> numbers;
  std::set<std::string> subscribers;
  for (const Job& job : jobs) {
    numbers.push_back(*job.first().notice);
    subscribers.insert(job.first().subscriber);
  }
  const std::vector<std::string> residents(subscribers.begin(), subscribers.end());
  std::map<int64_t, ContactNotice> notices;
  std::set<std::pair<std::string, std::string>> ended;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(notices, parts_.store.GetNotices(transaction, numbers));
    ASSIGN_OR_RETURN(ended, parts_.store.OptOuts(transaction, residents));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const auto locales, parts_.contacts.Locales(residents));

  Changes changes;
  std::vector<bool> written(jobs.size(), false);
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Delivery& delivery = jobs[i].first();
    const auto notice = notices.find(*delivery.notice);
    if (notice == notices.end()) continue;
    const ContactNotice& about = notice->second;
    const bool by_contact = delivery.channel == Channel::kContact;
    if (by_contact && (ended.contains({about.recipient, ""}) ||
                       ended.contains({about.recipient, about.subject}))) {
      continue;
    }
    const Event event(about.subject, about.type, about.time);
    if (!changes.contains(event)) {
      absl::StatusOr<appeals::v1::ChangeNotice> change = parts_.changes.Get(about);
      if (!change.ok() && !absl::IsNotFound(change.status())) return change.status();
      changes[event] = change.ok() ? std::optional(*std::move(change)) : std::nullopt;
    }
    const auto& change = changes[event];
    if (!change) continue;
    const auto locale = locales.find(delivery.subscriber);
    jobs[i].message = WriteNotice(about, *change, parts_.texts,
                                  locale == locales.end() ? "ru" : locale->second, parts_.options);
    if (by_contact) {
      jobs[i].message.mute_link = UnsubscribeUrl(
          parts_.options.public_url, parts_.tokens.Make({about.recipient, about.subject}));
    }
    written[i] = true;
  }
  return written;
}

}  // namespace veche::notifications
