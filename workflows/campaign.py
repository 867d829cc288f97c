"""A campaign, from the day it is planned to its last day: it opens, writes, reminds and ends."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.campaigns import CampaignActivities
    from domain.campaign_messages import CampaignTurn, OpenCampaign, Said, Turned
    from domain.campaigns import CampaignState, Funnel
    from workflows.retries import BATCHES

_TURNS_A_RUN = 15
_DETAILS = {
    CampaignState.PLANNED: "Prévue.",
    CampaignState.RUNNING: "En cours : les courriers partent à leurs dates.",
    CampaignState.PAUSED: "En pause : aucun courrier ne part.",
    CampaignState.CLOSED: "Terminée.",
}


@workflow.defn
class Campaign:
    """Whatever is said of it is written down first: signals only tell it to look at once."""

    @workflow.init
    def __init__(self, opening: OpenCampaign) -> None:
        self._id = opening.campaign_id
        self._funnel = opening.funnel
        self._is_told = False

    @workflow.run
    async def run(self, opening: OpenCampaign) -> CampaignState:
        """Take turns until it is closed, and begin a new history now and then.

        `opening` says which campaign it is.
        """
        del opening  # taken by __init__
        turns = 0
        while True:
            turns, self._is_told = turns + 1, False
            turned: Turned = await workflow.execute_activity_method(
                CampaignActivities.take_turn, CampaignTurn(self._id, workflow.now()), **BATCHES
            )
            self._funnel = turned.funnel
            workflow.set_current_details(_DETAILS[turned.state])
            if turned.next_at is not None:
                await self._rest_until(turned.next_at)
            elif not self._is_told:
                return turned.state
            if turns >= _TURNS_A_RUN:
                workflow.continue_as_new(OpenCampaign(self._id, self._funnel))

    async def _rest_until(self, moment: datetime) -> None:
        rest = moment - workflow.now()
        if rest > timedelta():
            try:
                await workflow.wait_condition(lambda: self._is_told, timeout=rest)
            except TimeoutError:
                return

    @workflow.signal
    def pause(self, said: Said) -> None:
        """No more letters for now; dossiers go on."""
        self._hear(said)

    @workflow.signal
    def resume(self, said: Said) -> None:
        """Letters leave again."""
        self._hear(said)

    @workflow.signal
    def extend(self, said: Said) -> None:
        """The last day is another one."""
        self._hear(said)

    @workflow.signal
    def close(self, said: Said) -> None:
        """It ends now; what families have begun goes on."""
        self._hear(said)

    def _hear(self, said: Said) -> None:
        del said  # storage has the words; the version is for whoever reads the history
        self._is_told = True

    @workflow.query
    def funnel(self) -> Funnel | None:
        """How many families came how far at the last turn; None before the first one."""
        return self._funnel
