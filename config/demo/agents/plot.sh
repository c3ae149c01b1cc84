# Who does what in the demo.

# plot AGENT: what becomes of this attempt
plot() {
    if holds "$prompt_file" '## The operator says'; then
        echo ok
        return
    fi
    case $workstream:$1:$attempt in
        ws-02:swift:1) echo reset ;;
        ws-03:swift:1) echo rate_limit ;;
        ws-04:swift:*) echo auth ;;
        ws-04:steady:*) echo garbage ;;
        ws-05:swift:1) echo slow ;;
        ws-06:swift:*) echo hang ;;
        ws-07:swift:*)
            # It reads what the check said, if it is told.
            if holds "$prompt_file" 'expected 2700, got'; then echo ok; else echo wrong; fi
            ;;
        ws-10:swift:*) echo overflow ;;
        ws-10:steady:*) echo crash ;;
        ws-10:thorough:*) echo refuse ;;
        *) echo ok ;;
    esac
}
