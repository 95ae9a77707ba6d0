#include "services/polling/calls/initiative_binding.h"

namespace veche::polling {

std::vector<rpc::ServiceBuilder> BindInitiatives(const InitiativeHandlers& handlers) {
  return {
      rpc::ServiceBuilder("veche.polling.v1.Initiatives")
          .Unary(handlers.initiatives, &InitiativeCalls::CreateInitiative,
                 &InitiativeCalls::CreateInitiativeFromAppeals, &InitiativeCalls::ListInitiatives,
                 &InitiativeCalls::GetInitiative, &InitiativeCalls::SuggestInitiatives)
          .Unary(
              handlers.steps, &InitiativeStepCalls::ApproveInitiative,
              &InitiativeStepCalls::RejectInitiative, &InitiativeStepCalls::SupportInitiative,
              &InitiativeStepCalls::UnsupportInitiative, &InitiativeStepCalls::WithdrawInitiative,
              &InitiativeStepCalls::RespondToInitiative, &InitiativeStepCalls::AddInitiativeStage,
              &InitiativeStepCalls::MergeInitiative, &InitiativeStepCalls::ExpireInitiative),
      rpc::ServiceBuilder("veche.polling.v1.Discussions")
          .Unary(handlers.comments, &CommentCalls::CreateComment, &CommentCalls::ListComments,
                 &CommentCalls::VoteOnComment, &CommentCalls::EditComment,
                 &CommentCalls::GetCommentHistory)
          .Unary(handlers.moderation, &ModerationCalls::ReportComment,
                 &ModerationCalls::ListReportedComments, &ModerationCalls::HideComment,
                 &ModerationCalls::KeepComment)
          .Unary(handlers.opinions, &OpinionCalls::CreateStatement, &OpinionCalls::ListStatements,
                 &OpinionCalls::VoteOnStatement, &OpinionCalls::HideStatement,
                 &OpinionCalls::GetOpinionMap),
  };
}

}  // namespace veche::polling
