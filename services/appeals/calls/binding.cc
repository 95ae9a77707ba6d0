#include "services/appeals/calls/binding.h"

namespace veche::appeals {

std::vector<rpc::ServiceBuilder> Bind(const AppealsCalls& calls) {
  return {
      rpc::ServiceBuilder("veche.appeals.v1.Appeals")
          .Unary(calls.submit, &SubmitCalls::CreateAppeal)
          .Unary(calls.read, &ReadCalls::GetAppeal, &ReadCalls::GetTimeline)
          .Subscribe(calls.read, &ReadCalls::WatchAppeal)
          .Unary(calls.list, &ListCalls::ListAppeals, &ListCalls::ListInbox,
                 &ListCalls::SuggestDuplicates)
          .Unary(calls.author, &AuthorCalls::SupportAppeal, &AuthorCalls::UnsupportAppeal,
                 &AuthorCalls::FollowAppeal, &AuthorCalls::UnfollowAppeal,
                 &AuthorCalls::WithdrawAppeal, &AuthorCalls::ReopenAppeal, &AuthorCalls::RateAppeal)
          .Unary(calls.messages, &MessageCalls::CreateMessage, &MessageCalls::ListMessages)
          .Unary(calls.assign, &AssignCalls::AssignAppeal, &AssignCalls::RelocateAppeal)
          .Unary(calls.staff, &StaffCalls::StartAppeal, &StaffCalls::RequestInfo,
                 &StaffCalls::ResolveAppeal, &StaffCalls::RejectAppeal, &StaffCalls::ForwardAppeal,
                 &StaffCalls::MergeAppeal, &StaffCalls::ReviewAppeal)
          .Unary(calls.imports, &ImportCalls::ImportAppeals)
          .Unary(calls.texts, &TextCalls::BatchGetTexts)
          .Unary(calls.notices, &NoticeCalls::GetChangeNotice),
      rpc::ServiceBuilder("veche.appeals.v1.RoutingRules")
          .Unary(calls.rules, &RuleCalls::GetRoutingRules, &RuleCalls::UpdateRoutingRules,
                 &RuleCalls::CheckRoutingRules, &RuleCalls::DryRunRoutingRules),
      rpc::ServiceBuilder("veche.appeals.v1.Attachments")
          .Consume(calls.attachments, &AttachmentCalls::UploadAttachment)
          .Produce(calls.attachments, &AttachmentCalls::DownloadAttachment),
  };
}

}  // namespace veche::appeals
